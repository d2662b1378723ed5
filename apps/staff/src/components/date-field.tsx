import '@mantine/dates/styles.layer.css'
import 'dayjs/locale/es'
import { DateInput, type DateInputProps } from '@mantine/dates'
import { IconCalendar } from '@tabler/icons-react'
import { useLanguage } from '@vetcita/ui'
import dayjs from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

dayjs.extend(customParseFormat)

/** How a date is shown. It may also be typed with single digits, or pasted as this app's addresses write it. */
const SHOWN = 'DD/MM/YYYY'
const TYPED = [SHOWN, 'D/M/YYYY', 'YYYY-MM-DD']

interface DateFieldProps
  extends Omit<
    DateInputProps,
    'value' | 'defaultValue' | 'onChange' | 'onClick' | 'onBlur' | 'onKeyDown' | 'dateParser' | 'valueFormat'
  > {
  /** `YYYY-MM-DD`, empty for none. */
  value: string
  /** Called with complete dates only. */
  onChange: (date: string) => void
}

/**
 * A date to type, or to pick from a small calendar that a click opens, in the app's language (a native date field uses
 * the browser's). On blur, text that is not a date is replaced by the last valid one.
 */
export function DateField({ value, onChange, ...props }: DateFieldProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [isOpen, setOpen] = useState(false)
  return (
    <DateInput
      size="md"
      rightSection={<IconCalendar size={18} aria-hidden />}
      rightSectionPointerEvents="none"
      placeholder={t('dates.pattern')}
      {...props}
      value={value === '' ? null : value}
      onChange={(date) => {
        setOpen(false)
        if (date !== null) onChange(date)
      }}
      onClick={() => setOpen(true)}
      onBlur={() => setOpen(false)}
      onKeyDown={() => setOpen(false)}
      dateParser={parseDate}
      valueFormat={SHOWN}
      locale={language}
      previousLabel={t('dates.previous')}
      nextLabel={t('dates.next')}
      // clinics work on Saturdays, and red means an error
      weekendDays={[]}
      // their contrast is too low
      hideOutsideDates
      popoverProps={{ opened: isOpen }}
      // while the small calendar is open, Escape closes it and not the dialog around the field
      data-mantine-stop-propagation={isOpen || undefined}
    />
  )
}

/** Returns a typed date as `YYYY-MM-DD`, or null if it is not a date (yet). */
function parseDate(typed: string): string | null {
  const date = dayjs(typed.trim(), TYPED, true)
  return date.isValid() ? date.format('YYYY-MM-DD') : null
}
