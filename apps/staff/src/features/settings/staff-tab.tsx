import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { StaffMember } from '@vetcita/contracts'
import { QueryPending, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DataTable } from '../../components/data-table.tsx'
import { InviteDialog } from './invite-dialog.tsx'
import { InviteList } from './invite-list.tsx'
import { RoleDialog } from './role-dialog.tsx'

/** The clinic's staff with their roles, and unused invitations. */
export function StaffTab({ clinic }: { clinic: string }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const staff = useQuery(trpc.settings.staff.list.queryOptions())
  const [open, setOpen] = useState<StaffMember | 'invite' | null>(null)
  if (staff.data === undefined) {
    return <QueryPending query={staff} rows={6} height={52} />
  }
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setOpen('invite')}>
          {t('team.invite')}
        </Button>
      </Group>
      <DataTable
        caption={t('settings.staff')}
        columns={[
          { text: t('team.name') },
          { text: t('team.email') },
          { text: t('team.role') },
          { text: t('team.change'), isHidden: true },
        ]}
      >
        {staff.data.members.map((member) => (
          <Table.Tr key={member.id}>
            <Table.Td>
              <Group gap="xs">
                <Text fw={600}>{member.fullName}</Text>
                {member.you ? (
                  <Badge variant="light" tt="none">
                    {t('team.you')}
                  </Badge>
                ) : null}
              </Group>
            </Table.Td>
            <Table.Td>{member.email ?? t('office.none')}</Table.Td>
            <Table.Td>{t(`user.role.${member.role}`)}</Table.Td>
            <Table.Td ta="end">
              <Button
                variant="subtle"
                size="compact-md"
                aria-label={t('team.changeOf', { name: member.fullName })}
                onClick={() => setOpen(member)}
              >
                {t('team.change')}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
      <InviteList invites={staff.data.invites} />
      {open === null ? null : open === 'invite' ? (
        <InviteDialog clinic={clinic} onClose={() => setOpen(null)} />
      ) : (
        <RoleDialog member={open} onClose={() => setOpen(null)} />
      )}
    </Stack>
  )
}
