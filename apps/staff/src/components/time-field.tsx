import '@mantine/dates/styles.layer.css'
import { TimePicker, type TimePickerProps } from '@mantine/dates'
import { useTranslation } from 'react-i18next'

interface TimeFieldProps extends Omit<TimePickerProps, 'format' | 'minutesInputLabel'> {
  /** `HH:MM`, empty until it is complete. */
  value: string
  onChange: (time: string) => void
}

/** A time on the clinic's 24-hour clock. A native time field would follow the browser's language. */
export function TimeField({ 'aria-label': label, ...props }: TimeFieldProps) {
  const { t } = useTranslation('staff')
  const isInvalid = props.error !== undefined && props.error !== null && props.error !== false
  return (
    <TimePicker
      size="md"
      {...props}
      {...(label === undefined ? {} : { hoursInputLabel: label })}
      format="24h"
      minutesInputLabel={t('dates.minutes')}
      hoursInputProps={{ 'aria-invalid': isInvalid }}
      minutesInputProps={{ 'aria-invalid': isInvalid }}
    />
  )
}
