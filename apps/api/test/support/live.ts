import type { LiveEvent } from '@vetcita/contracts'
import { z } from 'zod'
import type { Person } from './person.ts'

const frame = z.object({
  event: z.string().default('message'),
  data: z.string().default(''),
  id: z.string().optional(),
})

/** A frame of a live connection: an event of the product, or the error that ended it. */
export type Heard = { event: string; data: unknown; id: string | undefined }

export type LiveConnection = {
  response: Response
  /** The next event but pings; undefined when the connection has ended. */
  next(): Promise<Heard | undefined>
  hangUp(): void
}

/** Opens a clinic's live calendar as a browser's EventSource does. */
export async function connectLive(
  person: Person,
  clinic: string,
  lastEventId?: string,
): Promise<LiveConnection> {
  const hangUp = new AbortController()
  const query = new URLSearchParams({ connectionParams: JSON.stringify({ 'x-clinic': clinic }) })
  const response = await person.fetch(`/trpc/live.calendar?${query}`, {
    headers: {
      accept: 'text/event-stream',
      'accept-encoding': 'br, gzip',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
    signal: hangUp.signal,
  })
  const frames = framesOf(response)
  return {
    response,
    next: async () => {
      for (;;) {
        const { value, done } = await frames.next()
        if (done) return undefined
        if (value.event !== 'ping' && value.event !== 'connected') return value
      }
    },
    hangUp: () => hangUp.abort(),
  }
}

/** Returns a frame's event of the product; throws for any other frame. */
export function eventOf(heard: Heard | undefined): LiveEvent {
  if (heard?.event !== 'message') throw new Error(`Expected an event, got ${JSON.stringify(heard)}`)
  const change = z
    .object({ kind: z.literal('changed'), clinic: z.string(), dates: z.array(z.string()) })
    .strict()
  const bare = z.object({ kind: z.enum(['ready', 'membership']) }).strict()
  return z.union([bare, change]).parse(heard.data)
}

async function* framesOf(response: Response): AsyncGenerator<Heard, undefined> {
  if (response.body === null) return undefined
  let text = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const lines = part.split('\n').filter((line) => line !== '')
        if (lines.length === 0) continue
        const fields = Object.fromEntries(
          lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        const { event, data, id } = frame.parse(fields)
        yield { event, data: data === '' ? null : JSON.parse(data), id }
      }
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'AbortError') throw error
  }
  return undefined
}
