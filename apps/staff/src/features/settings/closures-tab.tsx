import { ActionIcon, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconCalendarOff, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Closure } from '@vetcita/contracts'
import { EmptyState, QueryPending, retryLostConnection, useTRPC } from '@vetcita/ui'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { useSaved } from '../../components/use-saved.ts'
import { ClosureDialog } from './closure-dialog.tsx'
import { useSpan } from './time-off-card.tsx'

/** The days on which the whole clinic is closed. */
export function ClosuresTab({ today }: { today: string | undefined }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const listed = useQuery(trpc.settings.closures.queryOptions())
  const [open, setOpen] = useState<Closure | 'new' | null>(null)
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Text c="dimmed">{t('closures.lead')}</Text>
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setOpen('new')}>
          {t('closures.new')}
        </Button>
      </Group>
      {listed.data === undefined ? (
        <QueryPending query={listed} rows={3} height={72} />
      ) : listed.data.closures.length === 0 ? (
        <EmptyState icon={IconCalendarOff} title={t('closures.none')} />
      ) : (
        listed.data.closures.map((closure) => (
          <ClosureCard key={closure.id} closure={closure} onRemove={() => setOpen(closure)} />
        ))
      )}
      {open === 'new' ? (
        today === undefined ? null : (
          <ClosureDialog today={today} onClose={() => setOpen(null)} />
        )
      ) : open === null ? null : (
        <RemoveClosureDialog closure={open} onClose={() => setOpen(null)} />
      )}
    </Stack>
  )
}

function ClosureCard({ closure, onRemove }: { closure: Closure; onRemove: () => void }) {
  const { t } = useTranslation('staff')
  const heading = useId()
  const span = useSpan(closure)
  return (
    <section className="vc-surface vs-part" aria-labelledby={heading}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div id={heading}>
          <Title order={2} size="h3">
            {closure.name}
          </Title>
          <Text className="vc-capital">{span}</Text>
        </div>
        <ActionIcon
          variant="subtle"
          color="red"
          size="lg"
          aria-label={t('closures.remove', { name: closure.name, span })}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      </Group>
    </section>
  )
}

/** Asks before owners can book that time again. */
function RemoveClosureDialog({ closure, onClose }: { closure: Closure; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const span = useSpan(closure)
  const remove = useMutation(
    trpc.settings.removeClosure.mutationOptions({
      ...retryLostConnection,
      onSuccess: useSaved(
        onClose,
        trpc.settings.closures.pathFilter(),
        trpc.appointments.pathFilter(),
        trpc.clinic.pathFilter(),
      ),
    }),
  )
  return (
    <ConfirmDialog
      title={t('closures.removeTitle', { name: closure.name })}
      onClose={onClose}
      onConfirm={() => remove.mutate({ closureId: closure.id })}
      action={t('closures.removeIt')}
      {...stateOf(remove)}
    >
      <Text className="vc-capital" fw={600}>
        {span}
      </Text>
      <Text>{t('closures.removeText')}</Text>
    </ConfirmDialog>
  )
}
