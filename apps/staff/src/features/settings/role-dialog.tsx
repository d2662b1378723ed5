import { Alert, Radio, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Role, StaffMember } from '@vetcita/contracts'
import { useSession, useTRPC } from '@vetcita/ui'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { VisitList } from '../../appointment/visit-list.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { problemOf } from '../../components/problem-alert.tsx'
import { STAFF_ROLES } from './roles.ts'

const CHOICES: readonly Role[] = [...STAFF_ROLES, 'owner']

/**
 * Another role for a colleague, or none. Whoever would treat no longer and has appointments to come is shown with them
 * first; the second click takes the role at once and leaves the appointments to be moved.
 */
export function RoleDialog({ member, onClose }: { member: StaffMember; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const { refresh } = useSession()
  const [role, setRole] = useState<Role>(member.role)
  const change = useMutation(
    trpc.settings.staff.setRole.mutationOptions({
      onSuccess: async (result) => {
        if (!result.success) return
        await queryClient.invalidateQueries({ queryKey: trpc.settings.pathKey() })
        // it may have been one's own
        if (member.you) await refresh()
        onClose()
      },
    }),
  )
  const { data: answer } = change
  const held = answer !== undefined && 'appointmentIds' in answer
  const count = held ? answer.appointments : 0
  const upcoming = useQuery(
    trpc.settings.staff.upcoming.queryOptions({ profileId: member.id }, { enabled: held }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ profileId: member.id, role, keepAppointments: held })
  }
  return (
    <FormDialog
      title={t('team.changeTitle', { name: member.fullName })}
      onClose={onClose}
      onSubmit={submit}
      action={held ? t('team.anyway') : t('office.save')}
      isBusy={change.isPending}
      isGrave={held}
      isWide={held}
      problem={held ? null : problemOf(change)}
    >
      <Radio.Group
        label={t('team.role')}
        description={t('team.atOnce')}
        value={role}
        onChange={(value) => {
          setRole(CHOICES.find((known) => known === value) ?? member.role)
          change.reset()
        }}
      >
        <Stack gap="xs" mt="xs">
          {CHOICES.map((value) => (
            <Radio
              key={value}
              value={value}
              label={value === 'owner' ? t('team.none') : t(`user.role.${value}`)}
              {...(value === 'owner' ? { description: t('team.noneHint') } : {})}
            />
          ))}
        </Stack>
      </Radio.Group>
      <div role="alert">
        {held ? (
          <Alert
            role="group"
            color="orange"
            icon={<IconAlertTriangle aria-hidden />}
            title={t('team.has', { count })}
          >
            <Text size="sm" mb="xs">
              {t('team.toMove')}
            </Text>
            <VisitList visits={upcoming.data ?? []} label={t('team.has', { count })} />
          </Alert>
        ) : null}
      </div>
    </FormDialog>
  )
}
