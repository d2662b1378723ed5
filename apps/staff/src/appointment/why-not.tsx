import { Button, List, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { DayAppointment } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert, problemOf } from '../components/problem-alert.tsx'
import { useStaffSentence } from '../components/staff-sentence.ts'
import type { MoveTarget } from './move-target.ts'

/** A time that staff ask about. */
export interface AskedTime {
  serviceId: string
  vetId: string
  startTime: string
  petId?: string
  durationMinutes?: number
  appointmentId?: string
}

/** Asks about another time for an appointment, which does not conflict with itself. */
export function askedAbout(appointment: DayAppointment, { vetId, startTime }: MoveTarget): AskedTime {
  const minutes = (Date.parse(appointment.endTime) - Date.parse(appointment.startTime)) / 60_000
  return {
    vetId,
    startTime,
    serviceId: appointment.service.id,
    petId: appointment.pet.id,
    appointmentId: appointment.id,
    // the bounds that a question keeps
    durationMinutes: Math.min(
      limits.serviceDuration.max,
      Math.max(limits.serviceDuration.min, Math.round(minutes)),
    ),
  }
}

/** A button that lists every rule against a time, and whom each holds for. */
export function WhyNot({ asked }: { asked: AskedTime }) {
  const { t } = useTranslation('staff')
  // the rules of another time are asked for again
  const [shown, setShown] = useState<string | null>(null)
  const isShown = shown === JSON.stringify(asked)
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        size="compact-sm"
        variant="default"
        aria-expanded={isShown}
        onClick={() => setShown(isShown ? null : JSON.stringify(asked))}
      >
        {t('whyNot.ask')}
      </Button>
      {isShown ? <Rules asked={asked} /> : null}
    </Stack>
  )
}

function Rules({ asked }: { asked: AskedTime }) {
  const { t } = useTranslation(['staff', 'ui'])
  const trpc = useTRPC()
  const sentence = useStaffSentence()
  const answer = useQuery(trpc.slots.explain.queryOptions(asked, { staleTime: 0 }))
  if (!answer.data?.success) {
    const problem = problemOf(answer)
    return problem === null ? (
      <Text size="sm">{t('ui:states.loading')}</Text>
    ) : (
      <ProblemAlert problem={problem} />
    )
  }
  const { refusals } = answer.data
  if (refusals.length === 0) return <Text size="sm">{t('whyNot.none')}</Text>
  return (
    <List size="sm" aria-label={t('whyNot.title')}>
      {refusals.map((rule) => (
        <List.Item key={rule.error}>
          {sentence(rule)}{' '}
          {rule.override === null ? null : (
            <Text span size="sm" c="dimmed">
              ({t(rule.override === 'staff' ? 'whyNot.owners' : 'whyNot.overridable')})
            </Text>
          )}
        </List.Item>
      ))}
    </List>
  )
}
