import { z } from 'zod'

/** Who calls, and where. */
export type Session = { url: string; cookie: string; clinic: string }

/**
 * What came of a call:
 * - `answer`: the procedure's result, a success or a refusal
 * - `error`: the API said that it cannot, and why
 * - `lost`: no answer came, so whether it was done is unknown
 */
export type Reply = {
  /** how long it took, and when it was begun, by this process's clock */
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

/** Calls a procedure over HTTP, once: nothing is tried again. */
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
    const told = answered.safeParse(asJson(body))
    if (response.ok && told.success) return { kind: 'answer', ...time(), data: told.data.result.data }
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
