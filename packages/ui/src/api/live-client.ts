import { createTRPCClient, httpSubscriptionLink, type TRPCClient } from '@trpc/client'
import type { AppRouter } from '@vetcita/api'
import { clinicHeader } from '@vetcita/contracts/headers'

/**
 * A client for subscriptions alone, over server-sent events: only who opens one has to load it.
 * @param clinic the tenant's slug, sent with the connection since an EventSource sends no headers of ours
 */
export function createLiveClient(clinic: string): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [httpSubscriptionLink({ url: '/trpc', connectionParams: { [clinicHeader]: clinic } })],
  })
}
