import { MutationCache, QueryCache, QueryClient, useQueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import type { AppRouter } from '@vetcita/api'
import { clinicHeader } from '@vetcita/contracts/headers'
import { type ReactNode, useMemo } from 'react'
import { errorCode } from './error-code.ts'
import type { ErrorCode } from './error-codes.ts'
import { isRetryable } from './retry.ts'

const context = createTRPCContext<AppRouter, { keyPrefix: true }>()

/** The typed procedures as TanStack Query options: `useQuery(trpc.clinic.list.queryOptions())`. */
export const useTRPC = context.useTRPC

/** The bare client, for calls outside a query or mutation. */
export const useTRPCClient = context.useTRPCClient

/** No answer after this many milliseconds counts as a lost connection. */
const ANSWER_WITHIN = 15_000

/** The header that names the clinic of a call, checked against the contract without loading its schemas. */
/**
 * A client whose calls are all made at one clinic.
 * @param clinic the tenant's slug, undefined for what no clinic owns (the list of clinics)
 */
export function createApiClient(clinic: string | undefined): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: '/trpc',
        maxURLLength: 4000,
        headers: clinic === undefined ? {} : { [clinicHeader]: clinic },
        fetch: (url, options) => {
          const late = AbortSignal.timeout(ANSWER_WITHIN)
          const signal = options?.signal ? AbortSignal.any([options.signal, late]) : late
          return fetch(url, { ...options, signal, credentials: 'same-origin' })
        },
      }),
    ],
  })
}

/** What somebody is told whose session or role ended while the page was open. */
const NO_LONGER: ReadonlySet<ErrorCode> = new Set(['UNAUTHORIZED', 'NOT_STAFF', 'NOT_ADMIN', 'NOT_A_MEMBER'])

/**
 * The cache of an application: reads are asked again twice on a lost connection, and on focus after 10 s. Whoever is
 * told that they are nobody here, or no longer what they were, asks again who is signed in, so that an ended session or
 * a role that was taken away shows as such on every page.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (NO_LONGER.has(errorCode(error))) void askWhoIsSignedIn(client)
  }
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (failures, error) => failures < 2 && isRetryable(error) },
    },
  })
  return client
}

/** Asks again who is signed in and as what: for whoever has been told that they no longer are. */
export function askWhoIsSignedIn(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: isSessionQuery })
}

/** tRPC's keys are `[prefix], [path…], …`; the session's path begins with `session`. */
function isSessionQuery({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey.some((part) => Array.isArray(part) && part[0] === 'session')
}

/**
 * Everything inside talks to the API about one clinic. Each clinic has a client and cache keys of its own, so that
 * a call that was still waiting when the page changed can't be answered for the wrong clinic.
 */
export function ApiProvider({ clinic, children }: { clinic: string | undefined; children: ReactNode }) {
  const queryClient = useQueryClient()
  const client = useMemo(() => createApiClient(clinic), [clinic])
  return (
    <context.TRPCProvider queryClient={queryClient} trpcClient={client} keyPrefix={clinic ?? '-'}>
      {children}
    </context.TRPCProvider>
  )
}
