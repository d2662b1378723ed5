import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RescheduleSuccess, ScheduleResult } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import type { Trouble } from '../../appointment/use-status-changes.ts'
import { useStaffSentence } from '../../components/staff-sentence.ts'

/** A move that was just made. */
export interface Move {
  pet: string
  result: RescheduleSuccess
}

interface DeskMessagesProps {
  clinic: string
  schedule: ScheduleResult | undefined
  move: Move | null
  troubles: readonly Trouble[]
  onDismiss: (appointmentId: string) => void
  onDismissMove: () => void
}

/** What came of what was done: the move just made, and each change that was refused. */
export function DeskMessages({
  clinic,
  schedule,
  move,
  troubles,
  onDismiss,
  onDismissMove,
}: DeskMessagesProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const sentence = useStaffSentence()
  const vet = schedule?.vets.find(({ id }) => id === move?.result.vetId)?.fullName
  const movedTo = move === null ? undefined : dateOf(move.result.newStartTime)
  const isHere = schedule?.days.some(({ date }) => date === movedTo)
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
                date: formatDate(dateOf(move.result.newStartTime), 'long', language),
                time: timeOf(move.result.newStartTime),
                vet: vet ?? '',
              })}{' '}
              {isHere === false ? (
                <Anchor
                  inherit
                  underline="always"
                  renderRoot={(props) => (
                    <Link
                      to="/$clinic/day"
                      params={{ clinic }}
                      search={{ date: dateOf(move.result.newStartTime) }}
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
      {troubles.map(({ appointmentId, pet, time, problem }) => (
        <Alert
          key={appointmentId}
          role="alert"
          color="orange"
          icon={<IconAlertCircle aria-hidden />}
          title={t('card.label', { time, pet })}
          withCloseButton
          closeButtonLabel={t('ui:states.close')}
          onClose={() => onDismiss(appointmentId)}
        >
          <Text size="sm">{sentence(problem)}</Text>
        </Alert>
      ))}
    </Stack>
  )
}
