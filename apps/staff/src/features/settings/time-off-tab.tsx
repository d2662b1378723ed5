import { Button, Group, Stack, Text } from '@mantine/core'
import { IconBeach, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { TimeOff, Visit } from '@vetcita/contracts'
import { EmptyState, QueryPending, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { ResultNotice } from '../../components/result-notice.tsx'
import { useSaved } from '../../components/use-saved.ts'
import { TimeOffCard, useSpan } from './time-off-card.tsx'
import { TimeOffDialog } from './time-off-dialog.tsx'

type Open = { what: 'add' } | { what: 'remove'; off: TimeOff }

interface TimeOffTabProps {
  /** The clinic's date; undefined until it is known. */
  today: string | undefined
  /** Opens an appointment inside a time off, to move it. */
  onOpen: (visit: Visit) => void
}

/** The vets' time off, with the appointments inside that have to be moved. */
export function TimeOffTab({ today, onOpen }: TimeOffTabProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const listed = useQuery(trpc.settings.timeOff.queryOptions())
  const vets = useQuery(trpc.settings.hours.queryOptions()).data
  const [open, setOpen] = useState<Open | null>(null)
  const [added, setAdded] = useState<TimeOff | null>(null)
  const inside = added?.appointments.length ?? 0
  return (
    <Stack gap="md">
      <Group justify="flex-end">
        <Button
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => {
            setAdded(null)
            setOpen({ what: 'add' })
          }}
        >
          {t('timeOff.new')}
        </Button>
      </Group>
      <ResultNotice isWarning={inside > 0} onClose={() => setAdded(null)}>
        {added === null ? null : (
          <>
            {t('timeOff.added', { vet: added.vet.fullName })}{' '}
            {inside === 0 ? t('timeOff.clear') : t('timeOff.inside', { count: inside })}
          </>
        )}
      </ResultNotice>
      {listed.data === undefined ? (
        <QueryPending query={listed} rows={3} height={90} />
      ) : listed.data.timeOff.length === 0 ? (
        <EmptyState icon={IconBeach} title={t('timeOff.none')} />
      ) : (
        listed.data.timeOff.map((off) => (
          <TimeOffCard
            key={off.id}
            off={off}
            isNew={off.id === added?.id}
            onOpen={onOpen}
            onRemove={() => setOpen({ what: 'remove', off })}
          />
        ))
      )}
      {open?.what === 'add' && vets !== undefined && today !== undefined ? (
        <TimeOffDialog vets={vets} today={today} onClose={() => setOpen(null)} onAdded={setAdded} />
      ) : open?.what === 'remove' ? (
        <RemoveTimeOffDialog off={open.off} onClose={() => setOpen(null)} />
      ) : null}
    </Stack>
  )
}

/** Asks before a vet can be booked again. */
function RemoveTimeOffDialog({ off, onClose }: { off: TimeOff; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const span = useSpan(off)
  const remove = useMutation(
    trpc.settings.removeTimeOff.mutationOptions({
      // calendars shade time off
      onSuccess: useSaved(onClose, trpc.settings.timeOff.pathFilter(), trpc.appointments.pathFilter()),
    }),
  )
  return (
    <ConfirmDialog
      title={t('timeOff.removeTitle', { vet: off.vet.fullName })}
      onClose={onClose}
      onConfirm={() => remove.mutate({ timeOffId: off.id })}
      action={t('timeOff.removeIt')}
      {...stateOf(remove)}
    >
      <Text className="vc-capital" fw={600}>
        {span}
      </Text>
      <Text>{t('timeOff.removeText')}</Text>
    </ConfirmDialog>
  )
}
