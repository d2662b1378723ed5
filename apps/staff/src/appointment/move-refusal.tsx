import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { RescheduleResult, Vet } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../components/staff-sentence.ts'
import { type MoveTarget, skippedHour } from './move-target.ts'

interface MoveRefusalProps {
  /** The refusal, the error, or `skippedHour`; null for none. */
  problem: unknown
  vets: readonly Vet[]
  isBusy: boolean
  onTry: (target: MoveTarget) => void
  /** Names the appointment, where the context does not. */
  title?: string
  onClose?: () => void
}

function suggestionsOf(problem: unknown): readonly MoveTarget[] {
  return isTaken(problem) ? problem.suggestions : []
}

type Taken = Extract<RescheduleResult, { suggestions: unknown }>

function isTaken(problem: unknown): problem is Taken {
  return typeof problem === 'object' && problem !== null && 'suggestions' in problem
}

/** Explains why an appointment was not moved or booked, and offers the nearest free times. */
export function MoveRefusal({ problem, vets, isBusy, onTry, title, onClose }: MoveRefusalProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const sentence = useStaffSentence()
  const suggestions = suggestionsOf(problem)
  if (problem === null || problem === undefined) return null
  return (
    <Alert
      role="alert"
      color="orange"
      icon={<IconAlertCircle aria-hidden />}
      title={title}
      {...(onClose === undefined
        ? {}
        : { withCloseButton: true, closeButtonLabel: t('ui:states.close'), onClose })}
    >
      <Stack gap="xs">
        <Text size="sm">
          {problem === skippedHour ? t('move.missingHour') : sentence(problem)}{' '}
          {suggestions.length === 0 ? null : t('move.nearest')}
        </Text>
        <Group gap="xs">
          {suggestions.map((target) => (
            <Button
              key={target.vetId + target.startTime}
              size="sm"
              variant="default"
              disabled={isBusy}
              className="vs-suggestion"
              onClick={() => onTry(target)}
            >
              {t('move.suggestion', {
                date: formatDate(dateOf(target.startTime), 'short', language),
                time: timeOf(target.startTime),
                vet: vets.find(({ id }) => id === target.vetId)?.fullName ?? '',
              })}
            </Button>
          ))}
        </Group>
      </Stack>
    </Alert>
  )
}
