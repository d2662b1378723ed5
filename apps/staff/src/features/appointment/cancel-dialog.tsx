import { Button, Group, Text, Textarea } from '@mantine/core'
import type { DayAppointment } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'

const QUICK_REASONS = ['byOwner', 'byClinic', 'duplicate'] as const

interface CancelDialogProps {
  appointment: DayAppointment
  onClose: () => void
  /** Resolves when the result is shown; the dialog stays busy until then. */
  onConfirm: (reason: string) => Promise<void>
}

/** Asks for a reason before an appointment is cancelled, which frees its slot at once. */
export function CancelDialog({ appointment, onClose, onConfirm }: CancelDialogProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const isRequest = appointment.status === 'held'
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const text = reason.trim()
    setMissing(text === '')
    if (text === '') return
    setBusy(true)
    await onConfirm(text)
  }
  const choose = (text: string) => {
    setReason(text)
    setMissing(false)
  }
  return (
    <FormDialog
      title={t(isRequest ? 'cancel.declineTitle' : 'cancel.title', { pet: appointment.pet.name })}
      onClose={onClose}
      onSubmit={submit}
      action={t(isRequest ? 'cancel.decline' : 'cancel.confirm')}
      dismiss={t(isRequest ? 'cancel.declineKeep' : 'cancel.keep')}
      isBusy={isBusy}
      isGrave
    >
      <Text size="sm" c="dimmed">
        {t('cancel.what', {
          date: formatDate(dateOf(appointment.startTime), 'long', language),
          time: timeOf(appointment.startTime),
          vet: appointment.vet.fullName ?? '',
        })}
      </Text>
      <Textarea
        data-autofocus
        label={t(isRequest ? 'cancel.declineReason' : 'cancel.reason')}
        description={t('cancel.reasonHint')}
        value={reason}
        maxLength={limits.appointmentReason}
        autosize
        minRows={2}
        error={isMissing ? t('cancel.reasonMissing') : null}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      <Group gap="xs" role="group" aria-label={t('cancel.quick')}>
        {QUICK_REASONS.map((key) => (
          <Button
            key={key}
            size="compact-sm"
            radius="xl"
            variant="default"
            onClick={() => choose(t(`cancel.${key}`))}
          >
            {t(`cancel.${key}`)}
          </Button>
        ))}
      </Group>
    </FormDialog>
  )
}
