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
 * Changes a colleague's role, or removes it. If they are a vet with upcoming appointments, the first submit only lists
 * these; the second one changes the role and leaves the appointments to be moved.
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
        // the user changed their own role
        if (member.you) await refresh()
        onClose()
      },
    }),
  )
  const { data: answer } = change
  const hasUpcoming = answer !== undefined && 'appointmentIds' in answer
  const count = hasUpcoming ? answer.appointments : 0
  const upcoming = useQuery(
    trpc.settings.staff.upcoming.queryOptions({ profileId: member.id }, { enabled: hasUpcoming }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ profileId: member.id, role, keepAppointments: hasUpcoming })
  }
  return (
    <FormDialog
      title={t('team.changeTitle', { name: member.fullName })}
      onClose={onClose}
      onSubmit={submit}
      action={hasUpcoming ? t('team.anyway') : t('office.save')}
      isBusy={change.isPending}
      isGrave={hasUpcoming}
      isWide={hasUpcoming}
      problem={hasUpcoming ? null : problemOf(change)}
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
              {...(value === 'owner'
                ? { description: t('team.noneHint') }
                : value === 'assistant'
                  ? { description: t('team.assistantHint') }
                  : {})}
            />
          ))}
        </Stack>
      </Radio.Group>
      <div role="alert">
        {hasUpcoming ? (
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
