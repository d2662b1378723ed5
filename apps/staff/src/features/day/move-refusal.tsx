import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { RescheduleResult, ScheduleResult } from '@vetcita/contracts'
import { formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../../lib/staff-sentence.ts'
import { type MoveTarget, targetOf } from './move-target.ts'

interface MoveRefusalProps {
  /** The refusal, or what the call threw; null where there is nothing to explain. */
  problem: Extract<RescheduleResult, { success: false }> | unknown
  vets: ScheduleResult['vets']
  isBusy: boolean
  onTry: (target: MoveTarget) => void
}

function suggestionsOf(problem: unknown): readonly MoveTarget[] {
  return isTaken(problem) ? problem.suggestions.map(targetOf) : []
}

type Taken = Extract<RescheduleResult, { error: 'SLOT_UNAVAILABLE' }>

function isTaken(problem: unknown): problem is Taken {
  return typeof problem === 'object' && problem !== null && 'suggestions' in problem
}

/** Why the appointment did not move, and the nearest free times as buttons. */
export function MoveRefusal({ problem, vets, isBusy, onTry }: MoveRefusalProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const sentence = useStaffSentence()
  const suggestions = suggestionsOf(problem)
  if (problem === null || problem === undefined) return null
  return (
    <Alert role="alert" color="orange" icon={<IconAlertCircle aria-hidden />}>
      <Stack gap="xs">
        <Text size="sm">
          {sentence(problem)} {suggestions.length === 0 ? null : t('move.nearest')}
        </Text>
        <Group gap="xs">
          {suggestions.map((target) => (
            <Button
              key={target.vetId + target.startTime}
              size="sm"
              variant="default"
              disabled={isBusy}
              className="vs-suggestion vc-capital"
              onClick={() => onTry(target)}
            >
              {t('move.suggestion', {
                date: formatDate(target.localDate, 'short', language),
                time: target.localTime,
                vet: vets.find(({ id }) => id === target.vetId)?.fullName ?? '',
              })}
            </Button>
          ))}
        </Group>
      </Stack>
    </Alert>
  )
}
