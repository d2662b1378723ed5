import type { ScheduleResult } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { useTranslation } from 'react-i18next'
import { MoveRefusal } from '../../appointment/move-refusal.tsx'
import { findAppointment } from '../../appointment/use-schedule.ts'
import { askedAbout } from '../../appointment/why-not.tsx'
import { useVets } from '../../session/use-clinic.ts'
import type { DragMoves, RefusedDrop as Refused } from './use-drag-move.ts'

interface RefusedDropProps {
  refused: Refused
  moves: DragMoves
  schedule: ScheduleResult | undefined
}

/** Says why a dropped card went back to its place, and offers other times or to move it all the same. */
export function RefusedDrop({ refused, moves, schedule }: RefusedDropProps) {
  const { t } = useTranslation('staff')
  const vets = useVets(schedule)
  const { problem, target, overrides } = refused
  const appointment = findAppointment(schedule, refused.appointment.id) ?? refused.appointment
  const asked = target === null ? null : askedAbout(appointment, target)
  return (
    <MoveRefusal
      title={t('calendar.returned', { pet: appointment.pet.name })}
      problem={problem}
      vets={vets}
      isBusy={moves.pending.has(appointment.id)}
      onTry={(other) => moves.tryInstead(appointment, other)}
      onClose={moves.dismiss}
      asked={asked}
      {...(target === null
        ? {}
        : {
            override: {
              action: 'move',
              pet: appointment.pet.name,
              time: timeOf(target.startTime),
              vet: vets.find(({ id }) => id === target.vetId)?.fullName ?? '',
              reason: appointment.reason ?? '',
              isReasonFixed: true,
              onOverride: (rule) => moves.tryInstead(appointment, target, [...new Set([...overrides, rule])]),
            },
          })}
    />
  )
}
