import { NativeSelect, Stack, Text } from '@mantine/core'
import { IconCalendarOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useBlocker } from '@tanstack/react-router'
import { EmptyState, QueryPending, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { UnsavedDialog } from './unsaved-dialog.tsx'
import { WeekForm } from './week-form.tsx'

/** The weekly hours of each vet. */
export function HoursTab() {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const weeks = useQuery(trpc.settings.hours.queryOptions())
  const [chosen, setChosen] = useState<string | null>(null)
  const [isChanged, setChanged] = useState(false)
  /** The vet to show if the unsaved changes are discarded. */
  const [next, setNext] = useState<string | null>(null)
  const leaving = useBlocker({
    shouldBlockFn: () => isChanged,
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  const show = (vetId: string) => {
    setChosen(vetId)
    setChanged(false)
    setNext(null)
  }
  if (weeks.data === undefined) {
    return <QueryPending query={weeks} rows={7} height={64} />
  }
  const vet = weeks.data.find(({ id }) => id === chosen) ?? weeks.data[0]
  if (vet === undefined) return <EmptyState icon={IconCalendarOff} title={t('day.noVets')} />
  return (
    <Stack gap="md">
      <NativeSelect
        label={t('hours.whose')}
        size="md"
        maw="24rem"
        value={vet.id}
        data={weeks.data.map(({ id, fullName }) => ({ value: id, label: fullName }))}
        onChange={({ currentTarget }) => (isChanged ? setNext : show)(currentTarget.value)}
      />
      <Text c="dimmed">{t('hours.lead')}</Text>
      {vet.hours.length === 0 ? <Text c="dimmed">{t('hours.unlimited')}</Text> : null}
      <WeekForm key={vet.id} vet={vet} isChanged={isChanged} onChanged={setChanged} />
      {next !== null ? (
        <UnsavedDialog onStay={() => setNext(null)} onLeave={() => show(next)} />
      ) : leaving.status === 'blocked' ? (
        <UnsavedDialog onStay={leaving.reset} onLeave={leaving.proceed} />
      ) : null}
    </Stack>
  )
}
