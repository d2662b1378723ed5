import { z } from 'zod'

/** A caller's cookie, and the API and clinic that they call. */
export type Session = { url: string; cookie: string; clinic: string }

/**
 * The result of a call:
 * - `answer`: the procedure's result, a success or a refusal
 * - `error`: the API reported that it cannot serve the call, and why
 * - `lost`: there was no response, so whether the call took effect is unknown
 */
export type Reply = {
  /** duration and start, in milliseconds of this process's clock */
  ms: number
  begun: number
} & (
  | { kind: 'answer'; data: Answer }
  | {
      kind: 'error'
      status: number
      reason: string | null
      retryable: boolean
      retryAfter: number
      body: string
    }
  | { kind: 'lost' }
)

const success = z.looseObject({ success: z.boolean().optional(), error: z.string().optional() })
export type Answer = z.infer<typeof success>

const answered = z.object({ result: z.object({ data: success }) })
const failed = z.object({
  error: z.object({ data: z.object({ reason: z.string().nullable(), retryable: z.boolean() }) }),
})

/** Calls a procedure over HTTP once, without retries. */
export async function callApi(
  session: Session,
  type: 'query' | 'mutation',
  procedure: string,
  input?: object,
): Promise<Reply> {
  const begun = performance.now()
  const time = () => ({ begun, ms: performance.now() - begun })
  const address = new URL(`/trpc/${procedure}`, session.url)
  if (type === 'query' && input !== undefined) address.searchParams.set('input', JSON.stringify(input))
  try {
    const response = await fetch(address, {
      method: type === 'query' ? 'GET' : 'POST',
      headers: {
        cookie: session.cookie,
        'x-clinic': session.clinic,
        ...(type === 'query' ? {} : { 'content-type': 'application/json' }),
      },
      body: type === 'query' ? null : JSON.stringify(input ?? {}),
    })
    const body = await response.text()
    const answer = answered.safeParse(asJson(body))
    if (response.ok && answer.success) return { kind: 'answer', ...time(), data: answer.data.result.data }
    const failure = failed.safeParse(asJson(body))
    return {
      kind: 'error',
      ...time(),
      status: response.status,
      reason: failure.data?.error.data.reason ?? null,
      retryable: failure.data?.error.data.retryable ?? false,
      retryAfter: Number(response.headers.get('retry-after')),
      body,
    }
  } catch {
    return { kind: 'lost', ...time() }
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
