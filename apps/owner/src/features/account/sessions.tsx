import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { AccountSession } from '@vetcita/contracts'
import { formatDate, QueryPending, todayIn, useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useClinic } from '../../session/clinic.tsx'

/** Lists the devices that are signed in and signs out others. */
export function Sessions() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const sessions = useQuery(trpc.account.sessions.queryOptions())
  const { end, endOthers } = useEndSessions()
  const ended = end.data ?? endOthers.data
  const others = sessions.data?.filter(({ isCurrent }) => !isCurrent) ?? []
  return (
    <Stack component="section" className="vc-surface" p="lg" aria-labelledby="sessions">
      <Title order={2} id="sessions">
        {t('account.sessions')}
      </Title>
      {sessions.data !== undefined ? (
        <Stack component="ul" gap="md" m={0} p={0} style={{ listStyle: 'none' }}>
          {sessions.data.map((session) => (
            <Device
              key={session.id}
              session={session}
              isEnding={end.isPending && end.variables.sessionId === session.id}
              onEnd={() => end.mutate({ sessionId: session.id })}
            />
          ))}
        </Stack>
      ) : (
        <QueryPending query={sessions} rows={1} height={56} />
      )}
      <ProblemAlert problem={end.error ?? endOthers.error} />
      <Group>
        {others.length < 2 ? null : (
          <Button variant="default" loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
            {t('account.endOthers')}
          </Button>
        )}
        <Text size="sm" role="status">
          {ended === undefined ? '' : t('account.ended', { count: ended.ended })}
        </Text>
      </Group>
    </Stack>
  )
}

function useEndSessions() {
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const onSettled = () => queryClient.invalidateQueries({ queryKey: trpc.account.sessions.queryKey() })
  return {
    end: useMutation(trpc.account.endSession.mutationOptions({ onSettled })),
    endOthers: useMutation(trpc.account.endOtherSessions.mutationOptions({ onSettled })),
  }
}

interface DeviceProps {
  session: AccountSession
  isEnding: boolean
  onEnd: () => void
}

function Device({ session, isEnding, onEnd }: DeviceProps) {
  const { t } = useTranslation('owner')
  const { timeZone } = useClinic()
  const language = useLanguage()
  const { browser, system, isHandheld, isCurrent } = session
  const Icon = isHandheld ? IconDeviceMobile : IconDeviceDesktop
  const name =
    browser !== null && system !== null
      ? t('account.device', { browser, system })
      : (browser ?? system ?? t('account.unknownDevice'))
  const at = new Date(session.signedInAt)
  const date = formatDate(todayIn(timeZone, at), 'short', language)
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at)
  return (
    <Group component="li" justify="space-between" wrap="nowrap">
      <Group gap="sm" wrap="nowrap">
        <Icon size={26} stroke={1.5} aria-hidden style={{ flex: 'none' }} />
        <div>
          <Text fw={550}>{name}</Text>
          <Text size="sm" c="dimmed">
            {t('account.since', { date, time })}
          </Text>
        </div>
      </Group>
      {isCurrent ? (
        <Badge variant="light" tt="none" style={{ flex: 'none' }}>
          {t('account.thisDevice')}
        </Badge>
      ) : (
        <Button
          variant="default"
          size="sm"
          loading={isEnding}
          aria-label={t('account.endLabel', { device: name, date })}
          onClick={onEnd}
        >
          {t('account.end')}
        </Button>
      )}
    </Group>
  )
}
