import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import type { RescheduleResult, Vet } from '@vetcita/contracts'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { errorCode, formatDate, useLanguage } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../components/staff-sentence.ts'
import { type MoveTarget, skippedHour } from './move-target.ts'
import { OverrideQuestion, type OverrideRequest, overrideOf } from './overrides.tsx'
import { type AskedTime, WhyNot } from './why-not.tsx'

interface MoveRefusalProps {
  /** The refusal, the error, or `skippedHour`; null for none. */
  problem: unknown
  vets: readonly Vet[]
  isBusy: boolean
  onTry: (target: MoveTarget) => void
  /** Names the appointment, where the context does not. */
  title?: string
  onClose?: () => void
  /** Asks whether the rule shall be set aside, if it is one that staff may. */
  override?: OverrideRequest
  /** The time that was refused, to list every rule against it. */
  asked?: AskedTime | null
}

function suggestionsOf(problem: unknown): readonly MoveTarget[] {
  return isTaken(problem) ? problem.suggestions : []
}

type Taken = Extract<RescheduleResult, { suggestions: unknown }>

function isTaken(problem: unknown): problem is Taken {
  return typeof problem === 'object' && problem !== null && 'suggestions' in problem
}

/** Explains why an appointment was not moved or booked, and offers the nearest free times. */
export function MoveRefusal({
  problem,
  vets,
  isBusy,
  onTry,
  title,
  onClose,
  override,
  asked,
}: MoveRefusalProps) {
  const { t } = useTranslation(['staff', 'ui'])
  const language = useLanguage()
  const sentence = useStaffSentence()
  const suggestions = suggestionsOf(problem)
  if (problem === null || problem === undefined) return null
  const overridable = override === undefined ? undefined : overrideOf(problem)
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
        {override === undefined || overridable === undefined ? null : (
          <OverrideQuestion key={errorCode(problem)} override={overridable} isBusy={isBusy} {...override} />
        )}
        {asked === undefined || asked === null ? null : <WhyNot asked={asked} />}
      </Stack>
    </Alert>
  )
}
