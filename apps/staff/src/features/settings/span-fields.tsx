import { Group, Switch } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { addDays } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { DateField } from '../../components/date-field.tsx'
import { TimeField } from '../../components/time-field.tsx'

const MIDNIGHT = '00:00'

/** From a date and time to another, on the clinic's clock. */
export interface Span {
  startDate: string
  startTime: string
  endDate: string
  endTime: string
}

/** A span as a form has it: whole days leave the times aside. */
export interface SpanValues extends Span {
  isAllDay: boolean
}

/** Returns the whole of today as a form's first values. */
export function wholeDay(today: string): SpanValues {
  return { startDate: today, endDate: today, isAllDay: true, startTime: '08:00', endTime: '12:00' }
}

/** What is sent. Whole days end at the midnight after the last one. */
export function spanOf({ startDate, endDate, isAllDay, startTime, endTime }: SpanValues): Span {
  if (!isAllDay) return { startDate, startTime, endDate, endTime }
  return { startDate, startTime: MIDNIGHT, endDate: addDays(endDate, 1), endTime: MIDNIGHT }
}

/** Returns the checks of a span's fields. */
export function useSpanChecks() {
  const { t } = useTranslation('staff')
  const isInOrder = ({ startDate, startTime, endDate, endTime }: Span) =>
    `${startDate}T${startTime}` < `${endDate}T${endTime}`
  return {
    endDate: (value: string, all: SpanValues) => (all.startDate <= value ? null : t('timeOff.order')),
    startTime: (value: string, all: SpanValues) =>
      all.isAllDay || value !== '' ? null : t('office.missing'),
    endTime: (value: string, all: SpanValues) =>
      all.isAllDay ? null : value === '' ? t('office.missing') : isInOrder(all) ? null : t('timeOff.order'),
  }
}

interface SpanFieldsProps<Values extends SpanValues> {
  form: UseFormReturnType<Values>
  /** The clinic's date, `YYYY-MM-DD`. */
  today: string
}

/** Fields for whole days, or for the time between two moments. */
export function SpanFields<Values extends SpanValues>({ form, today }: SpanFieldsProps<Values>) {
  const { t } = useTranslation('staff')
  const { isAllDay, startDate, endDate, startTime, endTime } = form.getValues()
  return (
    <>
      <Switch
        {...form.getInputProps('isAllDay', { type: 'checkbox' })}
        size="md"
        label={t('timeOff.allDay')}
      />
      <Group grow align="flex-start">
        <DateField
          {...form.getInputProps('startDate')}
          value={startDate}
          label={t('timeOff.from')}
          minDate={today}
          onChange={(date) => {
            form.getInputProps('startDate').onChange(date)
            // the end never stays before the start
            if (endDate < date) form.getInputProps('endDate').onChange(date)
          }}
        />
        {isAllDay ? null : (
          <TimeField {...form.getInputProps('startTime')} value={startTime} label={t('timeOff.fromTime')} />
        )}
      </Group>
      <Group grow align="flex-start">
        <DateField
          {...form.getInputProps('endDate')}
          value={endDate}
          label={t(isAllDay ? 'timeOff.until' : 'timeOff.untilTimed')}
          minDate={startDate}
        />
        {isAllDay ? null : (
          <TimeField {...form.getInputProps('endTime')} value={endTime} label={t('timeOff.untilTime')} />
        )}
      </Group>
    </>
  )
}
