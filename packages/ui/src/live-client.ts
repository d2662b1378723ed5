import { createTRPCClient, httpSubscriptionLink, type TRPCClient } from '@trpc/client'
import type { AppRouter } from '@vetcita/api'
import type { clinicHeader } from '@vetcita/contracts'

const CLINIC_PARAM = 'x-clinic' satisfies typeof clinicHeader

/**
 * A client for subscriptions alone, over server-sent events: only who opens one has to load it.
 * @param clinic the tenant's slug, sent with the connection since an EventSource sends no headers of ours
 */
export function createLiveClient(clinic: string): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [httpSubscriptionLink({ url: '/trpc', connectionParams: { [CLINIC_PARAM]: clinic } })],
  })
}
