import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RescheduleSuccess, ScheduleResult } from '@vetcita/contracts'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../../lib/staff-sentence.ts'
import type { StatusChanges } from './use-status-changes.ts'

/** A move that was just made. */
export interface Move {
  pet: string
  result: RescheduleSuccess
}

interface DayMessagesProps {
  clinic: string
  day: ScheduleResult | undefined
  move: Move | null
  changes: StatusChanges
  onDismissMove: () => void
}

/** What happened to appointments whose card can't say it: the one just moved, and refusals about cards that left. */
export function DayMessages({ clinic, day, move, changes, onDismissMove }: DayMessagesProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const sentence = useStaffSentence()
  const here = new Set(day?.vets.flatMap(({ appointments }) => appointments.map(({ id }) => id)))
  const left = changes.troubles.filter(({ appointmentId }) => !here.has(appointmentId))
  return (
    <Stack gap="xs" className="vs-messages">
      <div role="status">
        {move === null ? null : (
          <Alert
            color="green"
            icon={<IconCheck aria-hidden />}
            withCloseButton
            closeButtonLabel={t('ui:states.close')}
            onClose={onDismissMove}
          >
            <Text size="sm">
              {t('move.moved', {
                pet: move.pet,
                date: formatDate(move.result.localDate, 'long', language),
                time: move.result.localTime,
                vet: day?.vets.find(({ id }) => id === move.result.vetId)?.fullName ?? '',
              })}{' '}
              {day !== undefined && day.date !== move.result.localDate ? (
                <Anchor
                  inherit
                  underline="always"
                  renderRoot={(props) => (
                    <Link
                      to="/$clinic/day"
                      params={{ clinic }}
                      search={{ date: move.result.localDate }}
                      {...props}
                    />
                  )}
                >
                  {t('move.seeDay')}
                </Anchor>
              ) : null}
            </Text>
          </Alert>
        )}
      </div>
      {left.map(({ appointmentId, pet, time, problem }) => (
        <Alert
          key={appointmentId}
          role="alert"
          color="orange"
          icon={<IconAlertCircle aria-hidden />}
          title={t('card.label', { time, pet })}
          withCloseButton
          closeButtonLabel={t('ui:states.close')}
          onClose={() => changes.dismiss(appointmentId)}
        >
          <Text size="sm">{sentence(problem)}</Text>
        </Alert>
      ))}
    </Stack>
  )
}
