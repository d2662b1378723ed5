import { Alert, Button, Group, Stack } from '@mantine/core'
import { IconAlertTriangle, IconBeach, IconCheck, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { TimeOff, Visit } from '@vetcita/contracts'
import { EmptyState, ErrorState, ListSkeleton, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RemoveTimeOffDialog } from './remove-time-off-dialog.tsx'
import { TimeOffCard } from './time-off-card.tsx'
import { TimeOffDialog } from './time-off-dialog.tsx'

type Open = { what: 'add' } | { what: 'remove'; off: TimeOff }

interface TimeOffTabProps {
  /** The clinic's date; undefined until it is known. */
  today: string | undefined
  /** Opens an appointment that stands inside, to be moved. */
  onOpen: (visit: Visit) => void
}

/** Who is away when, and which appointments stand inside that time and want to be moved. */
export function TimeOffTab({ today, onOpen }: TimeOffTabProps) {
  const { t } = useTranslation(['staff', 'ui'])
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
      <div role="status">
        {added === null ? null : (
          <Alert
            color={inside === 0 ? 'green' : 'orange'}
            icon={inside === 0 ? <IconCheck aria-hidden /> : <IconAlertTriangle aria-hidden />}
            withCloseButton
            closeButtonLabel={t('ui:states.close')}
            onClose={() => setAdded(null)}
          >
            {t('timeOff.added', { vet: added.vet.fullName })}{' '}
            {inside === 0 ? t('timeOff.clear') : t('timeOff.inside', { count: inside })}
          </Alert>
        )}
      </div>
      {listed.data === undefined ? (
        listed.error === null ? (
          <ListSkeleton rows={3} height={90} />
        ) : (
          <ErrorState error={listed.error} onRetry={() => listed.refetch()} />
        )
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
