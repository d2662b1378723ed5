import { Alert, Anchor, Button, PasswordInput, Stack } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { limits } from '@vetcita/contracts/limits'
import { FailureAlert, resetPassword, useAuthCall, useSession } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink, TextLink } from '../../components/links.tsx'
import { NarrowPage } from '../../components/narrow-page.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { useMailedToken } from '../../session/mailed-token.ts'

const route = getRouteApi('/$clinic/reset-password')

/** The page of the reset mail's link: sets a new password, which ends every session. */
export function ResetPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const isStaff = route.useSearch().for === 'staff'
  const [isDone, setIsDone] = useState(false)
  return (
    <NarrowPage title={t('reset.title')} lead={t('reset.lead')}>
      <Stack className="vc-surface" p="lg">
        {isDone ? (
          <>
            <Alert role="status" color="green" icon={<IconCheck aria-hidden />} title={t('reset.done')}>
              {t('reset.doneHint')}
            </Alert>
            {isStaff ? (
              <Button component="a" href="/staff/">
                {t('signIn.continue')}
              </Button>
            ) : (
              <ButtonLink to="/$clinic/login" params={{ clinic: clinic.id }}>
                {t('signIn.continue')}
              </ButtonLink>
            )}
          </>
        ) : (
          <ResetForm isStaff={isStaff} onDone={() => setIsDone(true)} />
        )}
      </Stack>
    </NarrowPage>
  )
}

function ResetForm({ isStaff, onDone }: { isStaff: boolean; onDone: () => void }) {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const token = useMailedToken()
  const { refresh } = useSession()
  const { failure, busy, run } = useAuthCall()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '' },
    validate: {
      password: (value) => (value.length < limits.password.min ? t('ui:auth.passwordShort') : null),
    },
  })
  const submit = form.onSubmit(({ password }) =>
    run(
      () => resetPassword(token, password),
      async () => {
        // a session on this device has ended too
        await refresh()
        onDone()
      },
    ),
  )
  const isDead = token === '' || failure === 'link'
  return (
    <form onSubmit={submit} noValidate aria-label={t('owner:reset.title')}>
      <Stack>
        <FailureAlert failure={isDead ? 'link' : failure} />
        {isDead && isStaff ? (
          <Anchor href="/staff/forgot-password" ta="center" underline="always">
            {t('owner:reset.again')}
          </Anchor>
        ) : isDead ? (
          <TextLink to="/$clinic/forgot-password" params={{ clinic: clinic.id }} ta="center">
            {t('owner:reset.again')}
          </TextLink>
        ) : (
          <>
            <PasswordInput
              {...form.getInputProps('password')}
              key={form.key('password')}
              label={t('owner:reset.password')}
              description={t('ui:auth.passwordHint')}
              autoComplete="new-password"
              maxLength={limits.password.max}
            />
            <Button type="submit" loading={busy}>
              {t('owner:reset.submit')}
            </Button>
          </>
        )}
      </Stack>
    </form>
  )
}
