import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { OpenInvite } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'

/** Unused invitations, each with a button to revoke it. */
export function InviteList({ invites }: { invites: readonly OpenInvite[] }) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const revoke = useMutation(
    trpc.settings.staff.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.settings.staff.pathKey() }),
    }),
  )
  const problem = problemOf(revoke)
  if (invites.length === 0 && problem === null) return null
  return (
    <Stack gap="sm" className="vc-surface vs-part">
      <Title order={2} size="h3">
        {t('team.invites')}
      </Title>
      <ProblemAlert problem={problem} />
      <ul className="vs-lines" aria-label={t('team.invites')}>
        {invites.map((invite) => (
          <li key={invite.id}>
            <Group justify="space-between" wrap="nowrap">
              <div>
                <Text>
                  <Text span fw={600}>
                    {invite.label ?? t('team.unnamed')}
                  </Text>
                  {' · '}
                  {t(`user.role.${invite.role}`)}
                </Text>
                <Text size="sm" c="dimmed">
                  {invite.createdBy === null ? null : `${t('team.by', { name: invite.createdBy })} · `}
                  {t(invite.expired ? 'team.expired' : 'team.expires', {
                    date: formatDate(dateOf(invite.expiresAt), 'long', language),
                    time: timeOf(invite.expiresAt),
                  })}
                </Text>
              </div>
              <Button
                variant="subtle"
                color="red"
                size="compact-md"
                aria-label={t('team.revokeOf', { label: invite.label ?? t('team.unnamed') })}
                loading={revoke.isPending && revoke.variables.inviteId === invite.id}
                onClick={() => revoke.mutate({ inviteId: invite.id })}
              >
                {t('team.revoke')}
              </Button>
            </Group>
          </li>
        ))}
      </ul>
    </Stack>
  )
}
