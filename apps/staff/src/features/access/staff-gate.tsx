import { Loader } from '@mantine/core'
import { ErrorState, useSession } from '@vetcita/ui'
import { type ReactNode, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { type StaffSession, StaffSessionContext } from '../../session/staff-session.ts'
import { NotStaffPage } from './not-staff-page.tsx'
import { PlainFrame } from './plain-frame.tsx'
import { SignInPage } from './sign-in-page.tsx'

/**
 * Shows its children to staff, and the sign-in page or a hint to everyone else. This guards what is shown, not what is
 * allowed: the database checks the caller of each API call.
 */
export function StaffGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation('ui')
  const { user, clinics, error, refresh, leave } = useSession()
  const staffClinics = useMemo(() => clinics.filter(({ role }) => role !== 'owner'), [clinics])
  const session: StaffSession | null = user == null ? null : { user, clinics: staffClinics, leave }
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
  if (staffClinics.length === 0) return <NotStaffPage user={user} clinics={clinics} onSignOut={leave} />
  return <StaffSessionContext value={session}>{children}</StaffSessionContext>
}
