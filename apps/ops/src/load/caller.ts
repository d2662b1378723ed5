import type { LoadClinic } from './clinic.ts'

/** The result of a call: success, a refusal with its code, or an error. */
export type Answer =
  | { kind: 'success'; data: Record<string, unknown> }
  | { kind: 'refused'; code: string; message: string }
  | { kind: 'error'; message: string }

export type CartItem = { type: 'product'; id: string; quantity: number }

/** A caller with its own connection or session. Times are ISO 8601 with an offset. */
export type Caller = {
  book(client: number, vet: string, start: string): Promise<Answer>
  move(client: number, appointment: string, start: string, expectedVersion: number | null): Promise<Answer>
  merge(client: number, items: readonly CartItem[]): Promise<Answer>
}

/** The callers, which call the functions directly or through a running API. */
export type Callers = {
  /** the number of concurrent callers */
  count: number
  /** Returns the caller at this position. */
  at(place: number): Caller
  close(): Promise<void>
}

/** Returns the clinic's client at this position, starting over after the last. */
export function clientAt({ clients }: LoadClinic, place: number): LoadClinic['clients'][number] {
  const client = clients[place % clients.length]
  if (client === undefined) throw new Error('The clinic has no clients')
  return client
}
