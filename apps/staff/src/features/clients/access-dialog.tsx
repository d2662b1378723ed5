import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Client } from '@vetcita/contracts'
import { formatDate, useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../components/dialog.tsx'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'
import { SecretLink } from '../../components/secret-link.tsx'

interface AccessDialogProps {
  clinic: string
  client: Client
  onClose: () => void
}

/** Makes the link with which a walk-in client takes over their own record. */
export function AccessDialog({ clinic, client, onClose }: AccessDialogProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const invite = useMutation(
    trpc.clients.invite.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.clients.get.pathKey() }),
    }),
  )
  const date = (instant: string) => formatDate(instant, 'full', language)
  return (
    <Dialog title={t('clients.inviteTitle', { name: client.fullName })} onClose={onClose}>
      <Stack>
        {invite.data?.success === true ? null : <Text>{t('clients.inviteText')}</Text>}
        <ProblemAlert problem={problemOf(invite)} />
        {invite.data?.success === true ? (
          <>
            <Text fw={600}>{t('clients.linkReady', { date: date(invite.data.expiresAt) })}</Text>
            {/* behind the #, which a browser sends to no server */}
            <SecretLink href={`${window.location.origin}/${clinic}/claim#token=${invite.data.token}`} />
            <Group justify="flex-end">
              <Button onClick={onClose}>{t('office.done')}</Button>
            </Group>
          </>
        ) : (
          <>
            {client.link === null ? null : (
              <Alert role="note" color="orange" icon={<IconAlertTriangle aria-hidden />}>
                {t('clients.inviteOpen', { date: date(client.link.expiresAt) })}
              </Alert>
            )}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose} disabled={invite.isPending}>
                {t('office.cancel')}
              </Button>
              <Button
                data-autofocus
                loading={invite.isPending}
                onClick={() => invite.mutate({ clientId: client.id })}
              >
                {t('clients.makeLink')}
              </Button>
            </Group>
          </>
        )}
      </Stack>
    </Dialog>
  )
}
