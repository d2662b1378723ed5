import { MutationCache, QueryCache, QueryClient, useQueryClient } from '@tanstack/react-query'
import { createTRPCClient, httpBatchLink, type TRPCClient } from '@trpc/client'
import { createTRPCContext } from '@trpc/tanstack-react-query'
import type { AppRouter } from '@vetcita/api'
import { clinicHeader } from '@vetcita/contracts/headers'
import { limits } from '@vetcita/contracts/limits'
import { type ReactNode, useMemo } from 'react'
import { errorCode } from './error-code.ts'
import type { ErrorCode } from './error-codes.ts'
import { isRetryable } from './retry.ts'

const context = createTRPCContext<AppRouter, { keyPrefix: true }>()

/** The typed procedures as TanStack Query options: `useQuery(trpc.clinic.list.queryOptions())`. */
export const useTRPC = context.useTRPC

/** The bare client, for calls outside a query or mutation. */
export const useTRPCClient = context.useTRPCClient

/** Milliseconds after which a call without an answer counts as a lost connection. */
const ANSWER_TIMEOUT = 15_000

/**
 * Makes a client whose calls are all made at one clinic.
 * @param clinic the tenant's slug; undefined for calls outside any clinic, such as the list of clinics
 */
function createApiClient(clinic: string | undefined): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: '/trpc',
        maxURLLength: 4000,
        maxItems: limits.batchCalls,
        headers: clinic === undefined ? {} : { [clinicHeader]: clinic },
        fetch: (url, options) => {
          const late = AbortSignal.timeout(ANSWER_TIMEOUT)
          const signal = options?.signal ? AbortSignal.any([options.signal, late]) : late
          return fetch(url, { ...options, signal, credentials: 'same-origin' })
        },
      }),
    ],
  })
}

/** What the API answers if the session or the role ended while the page was open. */
const ACCESS_ENDED: ReadonlySet<ErrorCode> = new Set([
  'UNAUTHORIZED',
  'NOT_STAFF',
  'NOT_ADMIN',
  'NOT_A_MEMBER',
])

/**
 * Makes an app's query cache: reads are retried twice on a lost connection, and refetched on focus after 10 s. An answer
 * in `ACCESS_ENDED` refetches the session, so that its end, or that of a role, shows on every page.
 */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (ACCESS_ENDED.has(errorCode(error))) void refetchSession(client)
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

/** Refetches who is signed in and their memberships. */
export function refetchSession(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ predicate: isSessionQuery })
}

/** tRPC's keys are `[prefix], [path…], …`; the session's path begins with `session`. */
function isSessionQuery({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey.some((part) => Array.isArray(part) && part[0] === 'session')
}

/**
 * Lets its children call the API at one clinic. Each clinic has its own client and cache keys, so that a call still
 * waiting when the page changes cannot be answered for the wrong clinic.
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
