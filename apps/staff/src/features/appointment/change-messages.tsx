import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { RescheduleSuccess, ScheduleResult } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import type { FailedChange } from '../../appointment/use-status-changes.ts'
import { ResultNotice } from '../../components/result-notice.tsx'
import { useStaffSentence } from '../../components/staff-sentence.ts'

/** A move that was made. */
export interface Move {
  pet: string
  result: RescheduleSuccess
}

interface ChangeMessagesProps {
  clinic: string
  schedule: ScheduleResult | undefined
  move: Move | null
  failed: readonly FailedChange[]
  onDismiss: (appointmentId: string) => void
  onDismissMove: () => void
}

/** Reports the last move, and each change that was refused or failed. */
export function ChangeMessages({
  clinic,
  schedule,
  move,
  failed,
  onDismiss,
  onDismissMove,
}: ChangeMessagesProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const sentence = useStaffSentence()
  const vet = schedule?.vets.find(({ id }) => id === move?.result.vetId)?.fullName
  const movedTo = move === null ? undefined : dateOf(move.result.newStartTime)
  const isHere = schedule?.days.some(({ date }) => date === movedTo)
  return (
    <Stack gap="xs" className="vs-messages">
      <ResultNotice onClose={onDismissMove}>
        {move === null ? null : (
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
                  <Link to="/$clinic/day" params={{ clinic }} search={{ date: movedTo }} {...props} />
                )}
              >
                {t('move.seeDay')}
              </Anchor>
            ) : null}
          </Text>
        )}
      </ResultNotice>
      {failed.map(({ appointmentId, pet, time, problem }) => (
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
