import { Button, Group, Stack, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { VetWeek } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ProblemAlert, problemOf } from '../../lib/problem-alert.tsx'
import { DayRow } from './day-row.tsx'
import { problemOfDay, type Stretch, stretch, toHours, toWeek, type Week } from './week.ts'

const MONDAY_TO_FRIDAY = 5

/** A vet's week: what stands in it, changed day by day, saved as a whole. */
export function WeekForm({ vet }: { vet: VetWeek }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const [week, setWeek] = useState<Week>(() => toWeek(vet.hours))
  const [isChanged, setChanged] = useState(false)
  const save = useMutation(
    trpc.settings.setHours.mutationOptions({
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.settings.hours.pathKey() })
        // calendars shade what lies outside the hours
        await queryClient.invalidateQueries({ queryKey: trpc.appointments.pathKey() })
        if (result.success) setChanged(false)
      },
    }),
  )
  const change = (next: Week) => {
    setWeek(next)
    setChanged(true)
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
  const isSound = week.every((day) => problemOfDay(day) === null)
  return (
    <Stack gap="md">
      <div className="vc-surface vs-week">
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
      <Group>
        <Button
          disabled={!isChanged || !isSound}
          loading={save.isPending}
          onClick={() => save.mutate({ vetId: vet.id, hours: toHours(week) })}
        >
          {t('hours.save')}
        </Button>
        <Text role="status" c="dimmed">
          {save.data?.success === true && !isChanged ? (
            <>
              <IconCheck size={16} aria-hidden /> {t('office.saved')}
            </>
          ) : null}
        </Text>
      </Group>
    </Stack>
  )
}
