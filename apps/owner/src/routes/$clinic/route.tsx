import { Container } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { createFileRoute, Outlet, useLocation } from '@tanstack/react-router'
import { ApiProvider, ErrorState, errorCode, ListSkeleton, useSession, useTRPC } from '@vetcita/ui'
import { lazy, Suspense } from 'react'
import { ClinicNotFound } from '../../components/not-found.tsx'
import { ClinicShell } from '../../features/clinic/clinic-shell.tsx'
import { CartCount, CartNews } from '../../features/store/cart-news.tsx'
import { CartProvider } from '../../features/store/cart-provider.tsx'
import { ClinicProvider } from '../../session/clinic.tsx'

const ConfirmNotice = lazy(() => import('../../session/confirm-notice.tsx'))

export const Route = createFileRoute('/$clinic')({ component: ClinicLayout })

function ClinicLayout() {
  const { clinic } = Route.useParams()
  return (
    <ApiProvider clinic={clinic} key={clinic}>
      <ClinicPages />
    </ApiProvider>
  )
}

/** The API's codes for an unknown clinic, or for a name that no clinic can have. */
const NOT_A_CLINIC = new Set(['CLINIC_NOT_FOUND', 'CLINIC_MISSING', 'INVALID_INPUT'])

/** A booking is not interrupted; the account pages themselves show whether the address is confirmed. */
const IS_BOOKING = /\/book\/?$/
const WITHOUT_NOTICE = /\/(book|account|confirm-email)\/?$/

function ClinicPages() {
  const trpc = useTRPC()
  const { pathname, searchStr } = useLocation()
  // without the hash: a mailed token must not get into another address
  const here = pathname + searchStr
  const isUnconfirmed = useSession().user?.emailVerified === false
  const { clinic: slug } = Route.useParams()
  const clinic = useQuery(trpc.clinic.get.queryOptions(undefined, { staleTime: 60_000 }))
  if (clinic.data !== undefined) {
    return (
      <ClinicProvider value={clinic.data}>
        <CartProvider>
          <ClinicShell cartCount={<CartCount />} here={here}>
            {IS_BOOKING.test(pathname) ? null : <CartNews />}
            <Outlet />
            {/* Last, because it comes late: above, it would move a button away under a finger, and the tap would be lost. */}
            {isUnconfirmed && !WITHOUT_NOTICE.test(pathname) ? (
              <Suspense>
                <ConfirmNotice />
              </Suspense>
            ) : null}
          </ClinicShell>
        </CartProvider>
      </ClinicProvider>
    )
  }
  if (clinic.error === null) {
    return (
      <Container size="lg" py={96}>
        <ListSkeleton rows={3} height={120} />
      </Container>
    )
  }
  if (NOT_A_CLINIC.has(errorCode(clinic.error))) return <ClinicNotFound name={slug} />
  return (
    <Container size="xs" py={96} component="main">
      <ErrorState error={clinic.error} onRetry={() => clinic.refetch()} />
    </Container>
  )
}
