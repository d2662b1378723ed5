import { createTRPCClient, httpBatchLink, type TRPCClient, TRPCClientError } from '@trpc/client'
import { limits } from '@vetcita/contracts'
import { type Browser, openBrowser } from '@vetcita/testing/browser'
import { z } from 'zod'
import type { AppRouter } from '../../src/trpc/router.ts'

/** A browser, and the API's procedures as its user calls them. */
export type Person = Browser & {
  /** The procedures at a clinic. */
  at(clinic: string): TRPCClient<AppRouter>
  /** The procedures without naming a clinic. */
  nowhere: TRPCClient<AppRouter>
}

/** Opens a browser on the API at that URL, signed out. */
export function visitor(url: string): Person {
  const browser = openBrowser(url)
  const client = (clinic: string | undefined) =>
    createTRPCClient<AppRouter>({
      links: [
        httpBatchLink({
          url: `${url}/trpc`,
          maxItems: limits.batchCalls,
          headers: () => ({
            ...(browser.cookie === '' ? {} : { cookie: browser.cookie }),
            ...(clinic === undefined ? {} : { 'x-clinic': clinic }),
          }),
        }),
      ],
    })
  return Object.assign(browser, { at: client, nowhere: client(undefined) })
}

const details = z.object({
  code: z.string(),
  httpStatus: z.number(),
  reason: z.string().nullable(),
  retryable: z.boolean(),
  fields: z.array(z.object({ path: z.string(), message: z.string() })),
})

export type Failure = z.infer<typeof details> & { message: string }

/** Returns the error with which a call fails; a call that succeeds fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    const value = await call
    throw new Error(`Expected a failure, got ${JSON.stringify(value)}`)
  } catch (error) {
    if (!(error instanceof TRPCClientError)) throw error
    return { ...details.parse(error.data), message: error.message }
  }
}

/** Returns that error as `CODE` or `CODE reason`, for a table of expectations. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  const { code, reason } = await failureOf(call)
  return reason === null ? code : `${code} ${reason}`
}
