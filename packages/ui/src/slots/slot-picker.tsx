import './slot-picker.css'
import {
  ActionIcon,
  Button,
  Group,
  Skeleton,
  Stack,
  Text,
  Title,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core'
import { IconCalendarMonth, IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { Slot } from '@vetcita/contracts'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '../components/states.tsx'
import { addDays, formatDate, formatZone } from '../format.ts'
import { useLanguage } from '../i18n/i18n.ts'
import { firstDayWithRoom, roomOn, type SlotChoice, type SlotDay, slotDays } from './slot-days.ts'

export interface SlotPickerProps {
  /** The first of the seven days on the strip, the clinic's date. */
  week: string
  /** Today at the clinic: the strip does not go before it. */
  today: string
  /** The open day; if undefined, the first one with a free time. */
  day: string | undefined
  /** The free times of the seven days; undefined while they load. */
  slots: readonly Slot[] | undefined
  /** The chosen slot's `startTime`. */
  selected: string | undefined
  /** For a move: the appointment's present start, ISO 8601 with the clinic's offset. */
  current?: string
  /** The clinic's IANA zone; it is named if the device is in another one. */
  timeZone?: string
  /** The level of the headings "morning" and "afternoon": 3 inside a dialog. */
  headingOrder?: 2 | 3
  /** If the week is empty: the first later day with a free time, null for none, undefined while unknown. */
  next?: string | null | undefined
  error?: unknown
  onRetry?: () => void
  onWeekChange: (week: string) => void
  onDayChange: (day: string) => void
  onSelect: (slot: Slot) => void
}

const sameInstant = (a: string | undefined, b: string): boolean =>
  a !== undefined && Date.parse(a) === Date.parse(b)

/**
 * Picks a day and a time: a strip of seven days with the number of free times, and the open day's times by morning and
 * afternoon. All times are the clinic's wall time. It holds no state, so the choice can live in a URL.
 */
export function SlotPicker(props: SlotPickerProps) {
  const { week, today, slots, error } = props
  const { t } = useTranslation('ui')
  const language = useLanguage()
  const days = slots === undefined ? undefined : slotDays(week, slots, props.current)
  const dates = Array.from({ length: 7 }, (_, offset) => addDays(week, offset))
  const isOpenable = props.day !== undefined && dates.includes(props.day)
  const openDate = isOpenable ? props.day : days === undefined ? undefined : firstDayWithRoom(days)
  const openDay = days?.find(({ date }) => date === openDate)
  const weekBefore = addDays(week, -7)
  // biome-ignore lint/complexity/useMathMinMax: these are dates in text, which Math.max cannot compare
  const previous = weekBefore > today ? weekBefore : today
  const next = addDays(week, 7)
  return (
    <Stack gap="md">
      {props.timeZone === undefined ? null : <ZoneNote timeZone={props.timeZone} />}
      <Group justify="space-between" wrap="nowrap">
        <ActionIcon
          variant="default"
          size="xl"
          disabled={week <= today}
          aria-label={t('slots.previousWeek')}
          onClick={() => props.onWeekChange(previous)}
        >
          <IconChevronLeft aria-hidden />
        </ActionIcon>
        <label className="vc-month">
          <Text span fw={600} className="vc-capital" aria-live="polite">
            {formatDate(openDate ?? week, 'month', language)}
          </Text>
          <IconCalendarMonth size={18} aria-hidden />
          {/* the device's own calendar, laid invisibly over the month's name */}
          <input
            type="date"
            aria-label={t('slots.goTo')}
            min={today}
            value={openDate ?? week}
            onChange={({ currentTarget: { value } }) => {
              if (value >= today && value < '3000') props.onWeekChange(value)
            }}
          />
        </label>
        <ActionIcon
          variant="default"
          size="xl"
          aria-label={t('slots.nextWeek')}
          onClick={() => props.onWeekChange(next)}
        >
          <IconChevronRight aria-hidden />
        </ActionIcon>
      </Group>
      <fieldset className="vc-week" aria-label={t('slots.days')}>
        {dates.map((date, index) => (
          <DayButton
            key={date}
            date={date}
            day={days?.[index]}
            today={today}
            isOpen={date === openDate}
            onOpen={props.onDayChange}
          />
        ))}
      </fieldset>
      <div className="vc-times" aria-busy={days === undefined}>
        {error !== undefined && error !== null ? (
          <ErrorState error={error} {...(props.onRetry === undefined ? {} : { onRetry: props.onRetry })} />
        ) : days === undefined ? (
          <TimesSkeleton />
        ) : (
          <>
            {openDay === undefined ? null : <DayTimes times={openDay} {...props} />}
            {openDay === undefined || roomOn(openDay) === 0 ? (
              <NoTimes days={days} weekAfter={next} next={props.next} onGo={props.onWeekChange} />
            ) : null}
          </>
        )}
      </div>
    </Stack>
  )
}

/** Names the clinic's time zone if the device is in another one. */
export function ZoneNote({ timeZone }: { timeZone: string }) {
  const { t } = useTranslation('ui')
  const language = useLanguage()
  if (new Intl.DateTimeFormat().resolvedOptions().timeZone === timeZone) return null
  return (
    <Text size="sm" c="dimmed">
      {t('slots.zone', { zone: formatZone(timeZone, language) })}
    </Text>
  )
}

interface DayButtonProps {
  date: string
  day: SlotDay | undefined
  today: string
  isOpen: boolean
  onOpen: (date: string) => void
}

function DayButton({ date, day, today, isOpen, onOpen }: DayButtonProps) {
  const { t } = useTranslation('ui')
  const language = useLanguage()
  const room = day === undefined ? undefined : roomOn(day)
  const inWords = room === undefined ? '' : room === 0 ? t('slots.full') : t('slots.free', { count: room })
  return (
    <UnstyledButton
      className="vc-day"
      aria-pressed={isOpen}
      data-full={room === 0 || undefined}
      onClick={() => onOpen(date)}
    >
      <VisuallyHidden>
        {formatDate(date, 'long', language)}
        {inWords === '' ? '' : `, ${inWords}`}
      </VisuallyHidden>
      <span className="vc-day-name" aria-hidden>
        {date === today ? t('slots.today') : formatDate(date, 'weekday', language)}
      </span>
      <span className="vc-day-number" aria-hidden>
        {formatDate(date, 'day', language)}
      </span>
      <span className="vc-day-room" aria-hidden>
        {room === undefined ? '·' : room === 0 ? '–' : room}
      </span>
    </UnstyledButton>
  )
}

function DayTimes({ times, ...props }: SlotPickerProps & { times: SlotDay }) {
  const { t } = useTranslation('ui')
  return (
    <Stack gap="lg">
      <Times title={t('slots.morning')} choices={times.morning} {...props} />
      <Times title={t('slots.afternoon')} choices={times.afternoon} {...props} />
    </Stack>
  )
}

interface TimesProps extends Pick<SlotPickerProps, 'selected' | 'headingOrder' | 'onSelect'> {
  title: string
  choices: readonly SlotChoice[]
}

function Times({ title, choices, selected, headingOrder = 2, onSelect }: TimesProps) {
  const { t } = useTranslation('ui')
  const heading = useId()
  if (choices.length === 0) return null
  return (
    <section aria-labelledby={heading}>
      <Title order={headingOrder} size="h3" id={heading} mb="xs">
        {title}
      </Title>
      <div className="vc-time-grid">
        {choices.map(({ slot, label, isCurrent }) => {
          const isSelected = sameInstant(selected, slot.startTime)
          return (
            <Button
              key={slot.startTime}
              variant={isSelected ? 'filled' : 'default'}
              px={0}
              aria-pressed={isSelected}
              disabled={isCurrent}
              className={isCurrent ? 'vc-time-current' : label.length > 5 ? 'vc-time-wide' : ''}
              onClick={() => onSelect(slot)}
            >
              {label}
              {isCurrent ? (
                <>
                  <span className="vc-time-note" aria-hidden>
                    {t('slots.now')}
                  </span>
                  <VisuallyHidden>{t('slots.current')}</VisuallyHidden>
                </>
              ) : null}
            </Button>
          )
        })}
      </div>
    </section>
  )
}

interface NoTimesProps {
  days: readonly SlotDay[]
  weekAfter: string
  next: string | null | undefined
  onGo: (week: string) => void
}

function NoTimes({ days, weekAfter, next, onGo }: NoTimesProps) {
  const { t } = useTranslation('ui')
  const language = useLanguage()
  const isWeekEmpty = days.every((day) => roomOn(day) === 0)
  return (
    <Stack align="center" ta="center" py="lg" role="status">
      <Text c="dimmed">
        {!isWeekEmpty
          ? t('slots.noneThisDay')
          : next === null
            ? t('slots.noneAhead')
            : t('slots.noneThisWeek')}
      </Text>
      {!isWeekEmpty || next === null ? null : (
        <Button variant="default" onClick={() => onGo(next ?? weekAfter)}>
          {next === undefined
            ? t('slots.seeNextWeek')
            : t('slots.firstFree', { date: formatDate(next, 'long', language) })}
        </Button>
      )}
    </Stack>
  )
}

const SKELETON_ROWS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

function TimesSkeleton() {
  const { t } = useTranslation('ui')
  return (
    <Stack gap="lg" className="vc-late" role="status" aria-label={t('slots.loading')}>
      {['morning', 'afternoon'].map((part) => (
        <div key={part}>
          <Skeleton height={20} width={90} mb="sm" />
          <div className="vc-time-grid">
            {SKELETON_ROWS.map((key) => (
              <Skeleton key={key} height={42} radius="md" />
            ))}
          </div>
        </div>
      ))}
    </Stack>
  )
}
