import { NativeSelect, Stack, Text } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { EmptyState, ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UnsavedDialog } from './unsaved-dialog.tsx'
import { WeekForm } from './week-form.tsx'

/** When each vet is there, week by week. */
export function HoursTab() {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const weeks = useQuery(trpc.settings.hours.queryOptions())
  const [chosen, setChosen] = useState<string | null>(null)
  const [isChanged, setChanged] = useState(false)
  /** Whose week is to be shown once the changes of this one are given up. */
  const [wanted, setWanted] = useState<string | null>(null)
  const leaving = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  const show = (vetId: string) => {
    setChosen(vetId)
    setChanged(false)
    setWanted(null)
  }
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
        size="md"
        maw="24rem"
        value={vet.id}
        data={weeks.data.map(({ id, fullName }) => ({ value: id, label: fullName }))}
        onChange={({ currentTarget }) => (isChanged ? setWanted : show)(currentTarget.value)}
      />
      <Text c="dimmed">{t('hours.lead')}</Text>
      {vet.hours.length === 0 ? <Text c="dimmed">{t('hours.unlimited')}</Text> : null}
      <WeekForm key={vet.id} vet={vet} isChanged={isChanged} onChanged={setChanged} />
      {wanted !== null ? (
        <UnsavedDialog onStay={() => setWanted(null)} onLeave={() => show(wanted)} />
      ) : leaving.status === 'blocked' ? (
        <UnsavedDialog onStay={leaving.reset} onLeave={leaving.proceed} />
      ) : null}
    </Stack>
  )
}
