import { Button, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMounted } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AppointmentView } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { LOST_CONNECTION_TRIES, retryLostConnection, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { NoticeRule } from '../../appointment/notice-rule.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useLongDate } from '../../session/clinic.tsx'
import type { DialogProps } from './dialog-props.ts'
import { Gone, Stale } from './problem.tsx'

/** Confirms a cancellation and asks for a reason. */
export function CancelDialog({ appointment, isOpen, onClose, onDone }: DialogProps) {
  const { t } = useTranslation(['owner', 'ui'])
  // Mounted closed, however late it loads: on closing it returns the focus to what had it when it opened.
  const isMounted = useMounted()
  return (
    <Modal
      opened={isOpen && isMounted}
      onClose={onClose}
      title={t('owner:cancel.title')}
      centered
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
    >
      {appointment === undefined ? null : (
        <Cancel key={appointment.id} appointment={appointment} onClose={onClose} onDone={onDone} />
      )}
    </Modal>
  )
}

interface CancelProps {
  appointment: AppointmentView
  onClose: () => void
  onDone: (sentence: string) => void
}

function Cancel({ appointment, onClose, onDone }: CancelProps) {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const date = useLongDate()
  const [reason, setReason] = useState('')
  const change = useMutation(
    trpc.appointments.changeStatus.mutationOptions({
      ...retryLostConnection,
      onSettled: () => queryClient.invalidateQueries({ queryKey: trpc.appointments.pathKey() }),
    }),
  )
  const when = { date: date(dateOf(appointment.startTime)), time: timeOf(appointment.startTime) }
  const submit = async () => {
    const result = await change.mutateAsync({
      appointmentId: appointment.id,
      newStatus: 'cancelled',
      expectedVersion: appointment.version,
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    })
    if (result.success) onDone(t('cancel.done', when))
  }
  const refusal = change.data?.success === false ? change.data : undefined
  const isStale = refusal?.error === 'STALE_VERSION'
  const problem = change.error ?? (isStale ? undefined : refusal)
  const isDone = change.isPending || change.data?.success === true
  if (!appointment.canCancel && !isDone) {
    return <Gone title={t('cancel.gone')} appointment={appointment} />
  }
  return (
    <Stack>
      <div>
        <Text fw={650} className="vc-capital">
          {when.date}, {when.time}
        </Text>
        <Text>
          {appointment.service.name ?? t('appointments.aService')} · {appointment.pet.name}
        </Text>
      </div>
      {isStale ? <Stale title={t('cancel.stale')} text={t('cancel.staleNow', when)} /> : null}
      <ProblemAlert problem={problem} />
      <NoticeRule />
      <Textarea
        label={t('cancel.reason')}
        value={reason}
        maxLength={limits.appointmentReason}
        autosize
        minRows={2}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Text size="sm" role="status">
        {change.isPending
          ? change.failureCount > 0
            ? t('reschedule.retrying', { number: change.failureCount + 1, total: LOST_CONNECTION_TRIES })
            : t('cancel.sending')
          : ''}
      </Text>
      <Button color="red.9" loading={change.isPending} onClick={() => submit().catch(() => undefined)}>
        {t('cancel.submit')}
      </Button>
      <Button variant="default" disabled={change.isPending} onClick={onClose}>
        {t('cancel.keep')}
      </Button>
    </Stack>
  )
}
