import { Group, Text } from '@mantine/core'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { dateOf } from '@vetcita/contracts/moment'
import { formatZone, useLanguage } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MoveTarget } from '../../appointment/move-target.ts'
import { DateField } from '../../components/date-field.tsx'
import { TimeField } from '../../components/time-field.tsx'
import { clinicInstants } from '../../time/clinic-instant.ts'

interface ManualTimeProps {
  appointment: DayAppointment
  schedule: ScheduleResult
  vetId: string
  /** Gets null until a complete time is typed. */
  onChange: (target: MoveTarget | null) => void
}

/** Fields for any date and time on the clinic's clock; the database decides whether it is possible. */
export function ManualTime({ appointment, schedule, vetId, onChange }: ManualTimeProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [date, setDate] = useState(dateOf(appointment.startTime))
  const [time, setTime] = useState('')
  const known = [appointment.startTime, ...schedule.days.map(({ startTime }) => startTime)]
  const instantOf = (d: string, h: string) => clinicInstants(d, h, schedule.timeZone, known)[0] ?? null
  const change = (nextDate: string, nextTime: string) => {
    setDate(nextDate)
    setTime(nextTime)
    const startTime = instantOf(nextDate, nextTime)
    onChange(startTime === null ? null : { vetId, startTime })
  }
  const isSkipped = time !== '' && instantOf(date, time) === null
  return (
    <div>
      <Group grow align="flex-start">
        <DateField
          label={t('move.manualDate')}
          value={date}
          minDate={schedule.today}
          onChange={(next) => change(next, time)}
        />
        <TimeField
          label={t('move.manualTime')}
          value={time}
          error={isSkipped ? t('move.missingHour') : null}
          onChange={(next) => change(date, next)}
        />
      </Group>
      <Text size="sm" c="dimmed" mt="xs">
        {t('day.zone', { zone: formatZone(schedule.timeZone, language) })}
      </Text>
    </div>
  )
}
