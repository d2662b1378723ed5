import '@mantine/dates/styles.layer.css'
import { TimePicker, type TimePickerProps } from '@mantine/dates'
import { useTranslation } from 'react-i18next'

interface TimeFieldProps extends Omit<TimePickerProps, 'format' | 'minutesInputLabel'> {
  /** `HH:MM`, empty while it is not whole. */
  value: string
  onChange: (time: string) => void
}

/** A time of the clinic's clock, always by 24 hours: the browser's own field follows the browser's language. */
export function TimeField({ 'aria-label': label, ...props }: TimeFieldProps) {
  const { t } = useTranslation('staff')
  const isWrong = props.error !== undefined && props.error !== null && props.error !== false
  return (
    <TimePicker
      size="md"
      {...props}
      {...(label === undefined ? {} : { hoursInputLabel: label })}
      format="24h"
      minutesInputLabel={t('dates.minutes')}
      hoursInputProps={{ 'aria-invalid': isWrong }}
      minutesInputProps={{ 'aria-invalid': isWrong }}
    />
  )
}
