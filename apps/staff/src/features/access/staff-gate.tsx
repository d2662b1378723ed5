import { Loader } from '@mantine/core'
import { ErrorState, useSession } from '@vetcita/ui'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type StaffSession, StaffSessionContext } from '../../session/staff-session.ts'
import { NotStaffPage } from './not-staff-page.tsx'
import { PlainFrame } from './plain-frame.tsx'
import { SignInPage } from './sign-in-page.tsx'

/**
 * Lets the clinic's team in. It decides what is shown, not what is allowed: each call of the API asks the database
 * what the caller is.
 */
export function StaffGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation('ui')
  const { user, clinics, error, refresh, leave } = useSession()
  const staffed = useMemo(() => clinics.filter(({ role }) => role !== 'owner'), [clinics])
  const session: StaffSession | null = user == null ? null : { user, clinics: staffed, leave }
  if (user === undefined) {
    return (
      <PlainFrame>
        {error === null || error === undefined ? (
          <Loader role="status" aria-label={t('states.loading')} className="vs-late" />
        ) : (
          <ErrorState error={error} onRetry={refresh} />
        )}
      </PlainFrame>
    )
  }
  if (user === null) return <SignInPage onSuccess={refresh} />
  if (staffed.length === 0) return <NotStaffPage user={user} clinics={clinics} onSignOut={leave} />
  return <StaffSessionContext value={session}>{children}</StaffSessionContext>
}
