import { Group, Text, TextInput } from '@mantine/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { clinicInstant } from '../../lib/clinic-instant.ts'
import type { MoveTarget } from '../../lib/move-target.ts'

interface ManualTimeProps {
  appointment: DayAppointment
  schedule: ScheduleResult
  vetId: string
  /** Null while what is typed is no time yet. */
  onChange: (target: MoveTarget | null) => void
}

/** A date and a time of the clinic's clock, typed by hand; whether it may be is for the database to say. */
export function ManualTime({ appointment, schedule, vetId, onChange }: ManualTimeProps) {
  const { t } = useTranslation('staff')
  const [date, setDate] = useState(appointment.localDate)
  const [time, setTime] = useState('')
  const known = [appointment.startTime, ...schedule.days.map(({ startTime }) => startTime)]
  const instantOf = (d: string, h: string) => clinicInstant(d, h, schedule.timeZone, known)
  const change = (nextDate: string, nextTime: string) => {
    setDate(nextDate)
    setTime(nextTime)
    const startTime = instantOf(nextDate, nextTime)
    onChange(startTime === null ? null : { vetId, startTime, localDate: nextDate, localTime: nextTime })
  }
  const isSkipped = date !== '' && time !== '' && instantOf(date, time) === null
  return (
    <div>
      <Group grow align="flex-start">
        <TextInput
          type="date"
          label={t('move.manualDate')}
          value={date}
          min={schedule.today}
          onChange={({ currentTarget }) => change(currentTarget.value, time)}
        />
        <TextInput
          type="time"
          label={t('move.manualTime')}
          value={time}
          error={isSkipped ? t('move.missingHour') : null}
          onChange={({ currentTarget }) => change(date, currentTarget.value)}
        />
      </Group>
      <Text size="sm" c="dimmed" mt="xs">
        {t('day.zone', { zone: schedule.timeZone })}
      </Text>
    </div>
  )
}
