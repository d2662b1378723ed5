import { ActionIcon, Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconBeach, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { TimeOff } from '@vetcita/contracts'
import { addDays, EmptyState, ErrorState, formatDate, ListSkeleton, useLanguage, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert } from '../../lib/problem-alert.tsx'
import { VisitList } from '../../lib/visit-list.tsx'
import { TimeOffDialog } from './time-off-dialog.tsx'

/** Who is away when, and which appointments stand inside that time and want to be moved. */
export function TimeOffTab() {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const listed = useQuery(trpc.settings.timeOff.queryOptions())
  const [isAdding, setAdding] = useState(false)
  const remove = useMutation(
    trpc.settings.removeTimeOff.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.settings.timeOff.pathKey() }),
    }),
  )
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAdding(true)}>
          {t('timeOff.new')}
        </Button>
      </Group>
      <ProblemAlert problem={remove.error} />
      {listed.data === undefined ? (
        listed.error === null ? (
          <ListSkeleton rows={3} height={90} />
        ) : (
          <ErrorState error={listed.error} onRetry={() => listed.refetch()} />
        )
      ) : listed.data.timeOff.length === 0 ? (
        <EmptyState icon={IconBeach} title={t('timeOff.none')} />
      ) : (
        listed.data.timeOff.map((off) => (
          <TimeOffCard key={off.id} off={off} onRemove={() => remove.mutate({ timeOffId: off.id })} />
        ))
      )}
      {isAdding ? <TimeOffDialog onClose={() => setAdding(false)} /> : null}
    </Stack>
  )
}

function TimeOffCard({ off, onRemove }: { off: TimeOff; onRemove: () => void }) {
  const { t } = useTranslation('staff')
  const inside = t('timeOff.inside', { count: off.appointments.length })
  return (
    <section className="vc-surface vs-part" aria-label={off.vet.fullName}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={2} size="h3">
            {off.vet.fullName}
          </Title>
          <Text className="vc-capital">{useSpan(off)}</Text>
          {off.reason === null ? null : <Text c="dimmed">{off.reason}</Text>}
        </div>
        <ActionIcon
          variant="subtle"
          color="red"
          size="lg"
          aria-label={t('timeOff.remove', { vet: off.vet.fullName })}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
      {off.appointments.length === 0 ? (
        <Text size="sm" c="dimmed" mt="xs">
          {t('timeOff.clear')}
        </Text>
      ) : (
        <Alert
          role="group"
          color="orange"
          mt="sm"
          icon={<IconAlertTriangle aria-hidden />}
          title={inside}
          aria-label={inside}
        >
          <VisitList visits={off.appointments} label={inside} />
        </Alert>
      )}
    </section>
  )
}

/** From when until when; whole days without their midnights. */
function useSpan(off: TimeOff): string {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const isWhole = off.localStartTime === '00:00' && off.localEndTime === '00:00'
  const word = (date: string, time: string) =>
    isWhole
      ? formatDate(date, 'full', language)
      : t('office.visit', { date: formatDate(date, 'full', language), time })
  const until = isWhole ? addDays(off.localEndDate, -1) : off.localEndDate
  const from = word(off.localStartDate, off.localStartTime)
  return isWhole && until === off.localStartDate
    ? from
    : t('timeOff.span', { from, until: word(until, off.localEndTime) })
}
