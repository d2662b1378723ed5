import { useMutation } from '@tanstack/react-query'
import type { AppointmentStatus, DayAppointment } from '@vetcita/contracts'
import { timeOf } from '@vetcita/contracts/moment'
import { retryLostConnection, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefreshSchedule } from './use-schedule.ts'

/** A refused or failed change, until it is dismissed or that appointment changes. */
export interface Trouble {
  appointmentId: string
  /** Which one it was, for when its card has left the day. */
  pet: string
  time: string
  problem: unknown
}

export interface StatusChanges {
  /** The appointments whose change is on its way. */
  pending: ReadonlySet<string>
  troubles: readonly Trouble[]
  /** The last thing that happened, for screen readers. */
  announcement: string
  /**
   * Takes an appointment, as it is on screen, to another status, and reads the schedule again. True when it stands so;
   * sent again on a lost connection, which is safe: a change to the status it has is a replay.
   */
  change: (appointment: DayAppointment, to: AppointmentStatus, reason?: string) => Promise<boolean>
  dismiss: (appointmentId: string) => void
}

const without = (ids: ReadonlySet<string>, id: string): ReadonlySet<string> =>
  new Set([...ids].filter((other) => other !== id))

/** The status changes of a day's appointments: several may be on their way at once, each with its own outcome. */
export function useStatusChanges(): StatusChanges {
  const { t } = useTranslation(['staff', 'ui'])
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const { mutateAsync } = useMutation(trpc.appointments.changeStatus.mutationOptions(retryLostConnection))
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set())
  const [troubles, setTroubles] = useState<readonly Trouble[]>([])
  const [announcement, setAnnouncement] = useState('')

  const dismiss = (id: string) =>
    setTroubles((now) => now.filter(({ appointmentId }) => appointmentId !== id))

  async function change(appointment: DayAppointment, to: AppointmentStatus, reason?: string) {
    const { id, version } = appointment
    const time = timeOf(appointment.startTime)
    const pet = appointment.pet.name
    const report = (problem: unknown) =>
      setTroubles((now) => [...now, { appointmentId: id, pet, time, problem }])
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

  return { pending, troubles, announcement, change, dismiss }
}
