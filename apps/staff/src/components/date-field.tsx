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

/** How a date is shown; it may also be typed with single digits, or pasted as the addresses of this app write it. */
const SHOWN = 'DD/MM/YYYY'
const TYPED = [SHOWN, 'D/M/YYYY', 'YYYY-MM-DD']

interface DateFieldProps
  extends Omit<
    DateInputProps,
    'value' | 'defaultValue' | 'onChange' | 'onClick' | 'onBlur' | 'onKeyDown' | 'dateParser' | 'valueFormat'
  > {
  /** `YYYY-MM-DD`, empty for none. */
  value: string
  /** Called with a whole date only, never with one half typed. */
  onChange: (date: string) => void
}

/**
 * A date typed, or from a small calendar where the field is clicked, in the language of the screen: the browser's own
 * field follows the browser's. What is typed and is no date is put back when the field is left.
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
      dateParser={dateOf}
      valueFormat={SHOWN}
      locale={language}
      previousLabel={t('dates.previous')}
      nextLabel={t('dates.next')}
      // a clinic's Saturday is a day like others; red is for what went wrong
      weekendDays={[]}
      // they are written too faintly to be read
      hideOutsideDates
      popoverProps={{ opened: isOpen }}
      // Escape is then meant for the small calendar, and not for the dialog that the field stands in
      data-mantine-stop-propagation={isOpen || undefined}
    />
  )
}

/** The date that was typed as `YYYY-MM-DD`; null while it is none. */
function dateOf(typed: string): string | null {
  const date = dayjs(typed.trim(), TYPED, true)
  return date.isValid() ? date.format('YYYY-MM-DD') : null
}
