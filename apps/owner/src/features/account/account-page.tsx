import { Alert, Button, Stack, Title } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { ListSkeleton, useSession } from '@vetcita/ui'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../session/clinic.tsx'
import { MembersOnly } from '../../session/members-only.tsx'
import { Details } from './details.tsx'
import { Sessions } from './sessions.tsx'

const Password = lazy(() => import('./password.tsx'))

/** The user's account: personal details, sessions and password. */
export function AccountPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack gap="lg" maw={640} mx="auto">
      <title>{`${t('account.title')} · ${clinic.name}`}</title>
      <Title>{t('account.title')}</Title>
      <MembersOnly>
        <Details />
        <Sessions />
        <Suspense fallback={<ListSkeleton rows={1} height={330} />}>
          <Password />
        </Suspense>
        <SignOut />
      </MembersOnly>
    </Stack>
  )
}

function SignOut() {
  const { t } = useTranslation('owner')
  const { leave } = useSession()
  const [hasFailed, setHasFailed] = useState(false)
  const [busy, setBusy] = useState(false)
  const signOut = async () => {
    setBusy(true)
    setHasFailed(!(await leave()))
    setBusy(false)
  }
  return (
    <>
      {hasFailed ? (
        <Alert role="alert" color="red">
          {t('nav.signOutFailed')}
        </Alert>
      ) : null}
      <Button
        variant="default"
        loading={busy}
        leftSection={<IconLogout size={18} aria-hidden />}
        onClick={signOut}
      >
        {t('account.signOut')}
      </Button>
    </>
  )
}
