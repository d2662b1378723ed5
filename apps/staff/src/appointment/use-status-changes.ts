import { useMutation } from '@tanstack/react-query'
import type { AppointmentStatus, DayAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { retryLostConnection, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefreshSchedule } from './use-schedule.ts'

/** A refused or failed change. Kept until it is dismissed or the appointment is changed again. */
export interface FailedChange {
  appointmentId: string
  /** Names the appointment, whose card may have left the day. */
  pet: string
  time: string
  problem: unknown
}

export interface StatusChanges {
  /** The ids of appointments with a change under way. */
  pending: ReadonlySet<string>
  failed: readonly FailedChange[]
  /** The last change, for screen readers. */
  announcement: string
  /**
   * Changes the status of an appointment as shown, then refetches the schedule. Resolves with whether it was changed.
   * Repeated on a lost connection, which is safe: setting the status that it already has is a replay.
   */
  change: (appointment: DayAppointment, to: AppointmentStatus, reason?: string) => Promise<boolean>
  dismiss: (appointmentId: string) => void
}

const without = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((other) => other !== id))

/** Status changes of a page's appointments. Several may be under way at once, each with its own outcome. */
export function useStatusChanges(): StatusChanges {
  const { t } = useTranslation(['staff', 'ui'])
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const { mutateAsync } = useMutation(trpc.appointments.changeStatus.mutationOptions(retryLostConnection))
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set())
  const [failed, setFailed] = useState<readonly FailedChange[]>([])
  const [announcement, setAnnouncement] = useState('')

  const dismiss = (id: string) => setFailed((now) => now.filter(({ appointmentId }) => appointmentId !== id))

  async function change(appointment: DayAppointment, to: AppointmentStatus, reason?: string) {
    const { id, version } = appointment
    const time = timeOf(appointment.startTime)
    const pet = appointment.pet.name
    const report = (problem: unknown) =>
      setFailed((now) => [...now, { appointmentId: id, pet, time, problem }])
    dismiss(id)
    setPending((now) => new Set(now).add(id))
    try {
      const result = await mutateAsync({
        appointmentId: id,
        newStatus: to,
        expectedVersion: version,
        ...(reason === undefined ? {} : { reason }),
      })
      if (!result.success) report(result)
      else setAnnouncement(t('card.changed', { pet, time, status: t(`ui:status.${result.status}`) }))
      return result.success
    } catch (error) {
      report(error)
      return false
    } finally {
      await refresh()
      setPending((now) => without(now, id))
    }
  }

  return { pending, failed, announcement, change, dismiss }
}
