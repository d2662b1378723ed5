import { useMutation } from '@tanstack/react-query'
import type { DayAppointment, RescheduleInput, ScheduleResult, SlotOverride } from '@vetcita/contracts'
import { retryLostConnection, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { type MoveTarget, skippedHour } from '../../appointment/move-target.ts'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import { instantAt, wallOf } from '../../time/wall-clock.ts'
import type { Drop } from './calendar-grid.tsx'
import type { PendingMove } from './grid-model.ts'

/** A refused drop; its card is back where it was. */
export interface RefusedDrop {
  appointment: DayAppointment
  /** The refusal, the error, or `skippedHour`. */
  problem: unknown
  /** Where it was dropped; null for a time that the clock skips. */
  target: MoveTarget | null
  /** The rules that were set aside already. */
  overrides: readonly SlotOverride[]
}

export interface DragMoves {
  /** The targets of dropped cards until their move is answered, by appointment id. */
  pending: ReadonlyMap<string, PendingMove>
  refused: RefusedDrop | null
  drop: (drop: Drop) => void
  /** Moves the appointment whose drop was refused to another time. */
  tryInstead: (appointment: DayAppointment, target: MoveTarget, overrides?: SlotOverride[]) => void
  dismiss: () => void
}

/**
 * Moves appointments by drag. The card stays where it was dropped until the move is answered, and returns if it was
 * refused. The move expects the version on screen when the drag began, so a colleague's change in between is reported.
 */
export function useDragMove(schedule: ScheduleResult | undefined): DragMoves {
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const { mutateAsync } = useMutation(trpc.appointments.reschedule.mutationOptions(retryLostConnection))
  const [pending, setPending] = useState<ReadonlyMap<string, PendingMove>>(new Map())
  const [refused, setRefused] = useState<RefusedDrop | null>(null)

  async function send(
    appointment: DayAppointment,
    move: Omit<RescheduleInput, 'appointmentId'>,
    place: PendingMove,
  ) {
    const { id } = appointment
    const target = { vetId: place.vetId, startTime: move.newStartTime }
    const overrides = move.overrides ?? []
    setRefused(null)
    setPending((now) => new Map(now).set(id, place))
    try {
      const result = await mutateAsync({ ...move, appointmentId: id, expectedVersion: appointment.version })
      if (!result.success) setRefused({ appointment, problem: result, target, overrides })
    } catch (problem) {
      setRefused({ appointment, problem, target, overrides })
    } finally {
      await refresh()
      setPending((now) => new Map([...now].filter(([other]) => other !== id)))
    }
  }

  return {
    pending,
    refused,
    drop: ({ appointment, vetId, start }) => {
      const newStartTime = schedule === undefined ? null : instantAt(start, schedule)
      if (newStartTime === null) {
        setRefused({ appointment, problem: skippedHour, target: null, overrides: [] })
        return
      }
      const newVet = vetId === appointment.vet.id ? {} : { newVetId: vetId }
      void send(appointment, { newStartTime, ...newVet }, { vetId, start })
    },
    tryInstead: (appointment, { vetId, startTime }, overrides = []) => {
      const newVet = vetId === appointment.vet.id ? {} : { newVetId: vetId }
      const place = { vetId, start: wallOf(startTime) }
      void send(appointment, { newStartTime: startTime, overrides, ...newVet }, place)
    },
    dismiss: () => setRefused(null),
  }
}
