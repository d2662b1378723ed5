import { NativeSelect, Stack, Text } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { EmptyState, ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { WeekForm } from './week-form.tsx'

/** When each vet is there, week by week. */
export function HoursTab() {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const weeks = useQuery(trpc.settings.hours.queryOptions())
  const [chosen, setChosen] = useState<string | null>(null)
  if (weeks.data === undefined) {
    return weeks.error === null ? (
      <ListSkeleton rows={7} height={64} />
    ) : (
      <ErrorState error={weeks.error} onRetry={() => weeks.refetch()} />
    )
  }
  const vet = weeks.data.find(({ id }) => id === chosen) ?? weeks.data[0]
  if (vet === undefined) return <EmptyState icon={IconCalendarOff} title={t('hours.none')} />
  return (
    <Stack gap="md">
      <NativeSelect
        label={t('hours.whose')}
        description={t('hours.lead')}
        size="md"
        maw="24rem"
        value={vet.id}
        data={weeks.data.map(({ id, fullName }) => ({ value: id, label: fullName }))}
        onChange={({ currentTarget }) => setChosen(currentTarget.value)}
      />
      <WeekForm key={vet.id} vet={vet} />
      {vet.hours.length === 0 ? <Text c="dimmed">{t('hours.unlimited')}</Text> : null}
    </Stack>
  )
}
