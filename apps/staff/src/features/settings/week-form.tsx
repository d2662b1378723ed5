import { Button, Group, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { VetWeek } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert, problemOf } from '../../components/problem-alert.tsx'
import { useSaved } from '../../components/use-saved.ts'
import { DayRow } from './day-row.tsx'
import { problemOfDay, type Stretch, stretch, toHours, toWeek, type Week } from './week.ts'

const MONDAY_TO_FRIDAY = 5

interface WeekFormProps {
  vet: VetWeek
  /** There are unsaved changes. */
  isChanged: boolean
  onChanged: (isChanged: boolean) => void
}

/** A vet's weekly hours, edited day by day and saved as a whole. */
export function WeekForm({ vet, isChanged, onChanged }: WeekFormProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const [week, setWeek] = useState<Week>(() => toWeek(vet.hours))
  const save = useMutation(
    trpc.settings.setHours.mutationOptions({
      // calendars shade the closed hours
      onSuccess: useSaved(
        () => onChanged(false),
        trpc.settings.hours.pathFilter(),
        trpc.appointments.pathFilter(),
      ),
    }),
  )
  const change = (next: Week) => {
    setWeek(next)
    onChanged(true)
    save.reset()
  }
  const setDay = (index: number, day: readonly Stretch[]) =>
    change(week.map((known, at) => (at === index ? day : known)))
  const copy = (index: number) =>
    change(
      week.map((day, at) =>
        at < MONDAY_TO_FRIDAY && at !== index
          ? (week[index] ?? []).map(({ opens, closes }) => stretch(opens, closes))
          : day,
      ),
    )
  const isValid = week.every((day) => problemOfDay(day) === null)
  return (
    <Stack gap="md">
      <div className="vc-surface vs-week">
        <WeekAxis />
        {week.map((day, index) => (
          <DayRow
            key={index}
            weekday={index + 1}
            day={day}
            onChange={(changed) => setDay(index, changed)}
            onCopy={() => copy(index)}
          />
        ))}
      </div>
      <ProblemAlert problem={problemOf(save)} />
      <Group className="vs-week-foot">
        <Button
          disabled={!isChanged || !isValid}
          loading={save.isPending}
          onClick={() => save.mutate({ vetId: vet.id, hours: toHours(week) })}
        >
          {t('hours.save')}
        </Button>
        {isChanged ? (
          <Button
            variant="default"
            disabled={save.isPending}
            onClick={() => {
              setWeek(toWeek(vet.hours))
              onChanged(false)
              save.reset()
            }}
          >
            {t('unsaved.discard')}
          </Button>
        ) : null}
        <Text role="status" c="dimmed">
          {isChanged ? (
            t('unsaved.some')
          ) : save.data?.success === true ? (
            <>
              <IconCheck size={16} aria-hidden /> {t('office.saved')}
            </>
          ) : null}
        </Text>
      </Group>
    </Stack>
  )
}

/** The hours above the bars, hidden from screen readers, which read the fields. */
function WeekAxis() {
  return (
    <div className="vs-week-axis" aria-hidden>
      {[0, 6, 12, 18, 24].map((hour) => (
        <span key={hour} style={{ marginInlineStart: `calc(${(hour / 24) * 100}% - 1rem)` }}>
          {hour}
        </span>
      ))}
    </div>
  )
}
