import { Button, Group, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { limits } from '@vetcita/contracts/limits'
import { changePassword, FailureAlert, useAuthCall, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClinic } from '../../session/clinic.tsx'

/** Changes the password, which ends every other session. */
export default function Password() {
  const { t } = useTranslation(['owner', 'ui'])
  const clinic = useClinic()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { failure, busy, run } = useAuthCall()
  const [isDone, setIsDone] = useState(false)
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { current: '', next: '' },
    validate: {
      current: (value) => (value === '' ? t('ui:auth.passwordMissing') : null),
      next: (value) => (value.length < limits.password.min ? t('ui:auth.passwordShort') : null),
    },
  })
  const submit = form.onSubmit(({ current, next }) => {
    setIsDone(false)
    return run(
      () => changePassword(current, next, clinic.id),
      async () => {
        form.reset()
        setIsDone(true)
        await queryClient.invalidateQueries({ queryKey: trpc.account.sessions.queryKey() })
      },
    )
  })
  return (
    <Stack component="section" className="vc-surface" p="lg" aria-labelledby="password">
      <Stack gap={4}>
        <Title order={2} id="password">
          {t('owner:account.password')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('owner:account.passwordLead')}
        </Text>
      </Stack>
      <form onSubmit={submit} noValidate aria-label={t('owner:account.password')}>
        <Stack>
          <FailureAlert failure={failure} />
          <PasswordInput
            {...form.getInputProps('current')}
            key={form.key('current')}
            label={t('owner:account.current')}
            autoComplete="current-password"
          />
          <PasswordInput
            {...form.getInputProps('next')}
            key={form.key('next')}
            label={t('owner:account.new')}
            description={t('ui:auth.passwordHint')}
            autoComplete="new-password"
            maxLength={limits.password.max}
          />
          <Group>
            <Button type="submit" variant="default" loading={busy}>
              {t('owner:account.change')}
            </Button>
            <Text size="sm" role="status">
              {isDone ? t('owner:account.changed') : ''}
            </Text>
          </Group>
        </Stack>
      </form>
    </Stack>
  )
}
