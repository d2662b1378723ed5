import { ActionIcon, Alert, Group, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconTrash } from '@tabler/icons-react'
import type { TimeOff, Visit } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { addDays, formatDate, useLanguage } from '@vetcita/ui'
import { useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { VisitList } from '../../appointment/visit-list.tsx'

interface TimeOffCardProps {
  off: TimeOff
  /** It was just added, and scrolls into view. */
  isNew: boolean
  onOpen: (visit: Visit) => void
  onRemove: () => void
}

/** A vet's time off, with the appointments that are still inside it. */
export function TimeOffCard({ off, isNew, onOpen, onRemove }: TimeOffCardProps) {
  const { t } = useTranslation('staff')
  const heading = useId()
  const card = useRef<HTMLElement>(null)
  const span = useSpan(off)
  const inside = t('timeOff.inside', { count: off.appointments.length })
  useEffect(() => {
    if (isNew) card.current?.scrollIntoView({ block: 'nearest' })
  }, [isNew])
  return (
    <section ref={card} className="vc-surface vs-part" aria-labelledby={heading}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <div id={heading}>
            <Title order={2} size="h3">
              {off.vet.fullName}
            </Title>
            <Text className="vc-capital">{span}</Text>
          </div>
          {off.reason === null ? null : <Text c="dimmed">{off.reason}</Text>}
        </div>
        <ActionIcon
          variant="subtle"
          color="red"
          size="lg"
          aria-label={t('timeOff.remove', { vet: off.vet.fullName, span })}
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
          <VisitList visits={off.appointments} label={inside} onOpen={onOpen} />
        </Alert>
      )}
    </section>
  )
}

/** Returns when a time off or a closed day starts and ends, in words. Whole days are named without a time. */
export function useSpan(off: Pick<TimeOff, 'startTime' | 'endTime'>): string {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [startDate, startTime, endDate, endTime] = [
    dateOf(off.startTime),
    timeOf(off.startTime),
    dateOf(off.endTime),
    timeOf(off.endTime),
  ]
  const full = (date: string) => formatDate(date, 'full', language)
  const isWhole = startTime === '00:00' && endTime === '00:00'
  const last = isWhole ? addDays(endDate, -1) : endDate
  const isOneDay = last === startDate
  if (isWhole) {
    return isOneDay ? full(last) : t('timeOff.span', { from: full(startDate), until: full(last) })
  }
  const from = t('office.visit', { date: full(startDate), time: startTime })
  const until = isOneDay ? endTime : t('office.visit', { date: full(last), time: endTime })
  return t('timeOff.span', { from, until })
}
