import { createTRPCClient, httpSubscriptionLink, type TRPCClient } from '@trpc/client'
import type { AppRouter } from '@vetcita/api'
import { clinicHeader } from '@vetcita/contracts/headers'

/**
 * Makes a client for subscriptions over server-sent events. It is separate, so that only pages that subscribe load it.
 * @param clinic the tenant's slug, sent as a parameter since an EventSource cannot send headers
 */
export function createLiveClient(clinic: string): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [httpSubscriptionLink({ url: '/trpc', connectionParams: { [clinicHeader]: clinic } })],
  })
}
