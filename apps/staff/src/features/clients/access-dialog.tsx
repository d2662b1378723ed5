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

/** Creates the link by which a walk-in client claims their record. */
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
      {invite.data?.success === true ? (
        <SecretLink
          text={t('office.linkReady', { date: date(invite.data.expiresAt) })}
          path={`/${clinic}/claim#token=${invite.data.token}`}
          onClose={onClose}
        />
      ) : (
        <Stack>
          <Text>{t('clients.inviteText')}</Text>
          <ProblemAlert problem={problemOf(invite)} />
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
              {t('office.makeLink')}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  )
}
