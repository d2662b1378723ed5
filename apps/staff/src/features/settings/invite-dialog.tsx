import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { StaffRole } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { formatDate, useLanguage, useTRPC } from '@vetcita/ui'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'
import { SecretLink } from '../../components/secret-link.tsx'
import { STAFF_ROLES } from './roles.ts'

/** Creates the link by which a colleague becomes staff. */
export function InviteDialog({ clinic, onClose }: { clinic: string; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [role, setRole] = useState<StaffRole>('receptionist')
  const [label, setLabel] = useState('')
  const invite = useMutation(
    trpc.settings.staff.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.settings.staff.pathKey() }),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    invite.mutate({ role, ...(label.trim() === '' ? {} : { label: label.trim() }) })
  }
  return (
    <Dialog title={t('team.inviteTitle')} onClose={onClose}>
      {invite.data?.success === true ? (
        <SecretLink
          text={t('office.linkReady', { date: formatDate(invite.data.expiresAt, 'full', language) })}
          path={`/staff/join/${clinic}#token=${invite.data.token}`}
          onClose={onClose}
        />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack>
            <Text>{t('team.inviteText')}</Text>
            <NativeSelect
              label={t('team.role')}
              size="md"
              value={role}
              data={STAFF_ROLES.map((value) => ({ value, label: t(`user.role.${value}`) }))}
              onChange={({ currentTarget }) =>
                setRole(STAFF_ROLES.find((known) => known === currentTarget.value) ?? 'receptionist')
              }
              data-autofocus
            />
            <TextInput
              label={t('team.label')}
              value={label}
              maxLength={limits.inviteLabel}
              onChange={({ currentTarget }) => setLabel(currentTarget.value)}
            />
            <ProblemAlert problem={problemOf(invite)} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose} disabled={invite.isPending}>
                {t('office.cancel')}
              </Button>
              <Button type="submit" loading={invite.isPending}>
                {t('office.makeLink')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
