import { z } from 'zod'
import type { Actor } from './actors.ts'
import { procedureNamed } from './procedures.ts'

/** An answer: the HTTP status, the body, and the result as a cell of the access matrix. */
export type Answer = { status: number; text: string; result: string }

const envelope = z.union([
  z.object({ result: z.object({ data: z.unknown() }) }),
  z.object({ error: z.object({ data: z.object({ code: z.string(), reason: z.string().nullable() }) }) }),
])
const outcome = z.object({ success: z.literal(false), error: z.string() })

const cellFor: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'sign-in',
  NOT_A_MEMBER: 'no-member',
  NOT_STAFF: 'no-staff',
  NOT_ADMIN: 'no-admin',
}

/** Calls a procedure at the clinic `adris` over HTTP, with an actor's cookie. */
export async function callAs(url: string, actor: Actor, name: string, input?: unknown): Promise<Answer> {
  const { type } = procedureNamed(name)
  const headers = { cookie: actor.cookie, 'x-clinic': 'adris', origin: 'http://localhost:4000' }
  const address = `${url}/trpc/${name}`
  if (type === 'mutation') {
    const body = JSON.stringify(input ?? {})
    const json = { ...headers, 'content-type': 'application/json' }
    return read(await fetch(address, { method: 'POST', headers: json, body }))
  }
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  if (type === 'subscription') return listen(`${address}${query}`, headers)
  return read(await fetch(`${address}${query}`, { headers }))
}

async function read(response: Response): Promise<Answer> {
  const { status } = response
  const text = await response.text()
  // refused by Node's HTTP server itself, for a request line that is too long
  if (status === 431 || status === 414) return { status, text, result: `HTTP ${status}` }
  return { status, text, result: resultOf(JSON.parse(text)) }
}

function resultOf(body: unknown): string {
  const answer = envelope.parse(body)
  if ('error' in answer) {
    const { code, reason } = answer.error.data
    return toCell(reason ?? code)
  }
  const refusal = outcome.safeParse(answer.result.data)
  return refusal.success ? toCell(refusal.data.error) : 'yes'
}

function toCell(code: string): string {
  return cellFor[code] ?? (/(^|_)NOT_FOUND$/.test(code) ? 'unseen' : code)
}

const streamedError = z.object({ data: z.object({ code: z.string(), reason: z.string().nullable() }) })

/** Reads a stream of events until it refuses, or for a moment if it does not. */
async function listen(address: string, headers: Record<string, string>): Promise<Answer> {
  const ending = new AbortController()
  const response = await fetch(address, {
    headers: { ...headers, accept: 'text/event-stream' },
    signal: ending.signal,
  })
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return read(response)
  let text = ''
  try {
    const decoder = new TextDecoder()
    const timeout = setTimeout(() => ending.abort(), 400)
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (/event: serialized-error\ndata: .*\n/.test(text)) break
    }
    clearTimeout(timeout)
  } catch (error) {
    if (!ending.signal.aborted) throw error
  }
  ending.abort()
  const failure = /event: serialized-error\ndata: (.*)\n/.exec(text)?.[1]
  if (failure === undefined) return { status: response.status, text, result: 'yes' }
  const { data } = streamedError.parse(JSON.parse(failure))
  return { status: response.status, text, result: toCell(data.reason ?? data.code) }
}
