import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import type { DayAppointment } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { dateOf, timeOf } from '@vetcita/contracts/moment'
import { formatDate, useLanguage } from '@vetcita/ui'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusBack } from '../../components/dialog.tsx'

const QUICK_REASONS = ['byOwner', 'byClinic', 'duplicate'] as const

interface CancelDialogProps {
  appointment: DayAppointment
  onClose: () => void
  /** Resolves when the answer is on screen; the dialog stays busy until then. */
  onConfirm: (reason: string) => Promise<void>
}

/** Asks for the reason before an appointment is cancelled: a cancelled slot is free at once. */
export function CancelDialog({ appointment, onClose, onConfirm }: CancelDialogProps) {
  const { t } = useTranslation(['staff', 'ui'])
  useFocusBack()
  const language = useLanguage()
  const [reason, setReason] = useState('')
  const [isMissing, setMissing] = useState(false)
  const [isBusy, setBusy] = useState(false)
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
    <Modal
      opened
      onClose={onClose}
      title={t('cancel.title', { pet: appointment.pet.name })}
      closeButtonProps={{ 'aria-label': t('ui:states.close') }}
      centered
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('cancel.what', {
              date: formatDate(dateOf(appointment.startTime), 'long', language),
              time: timeOf(appointment.startTime),
              vet: appointment.vet.fullName ?? '',
            })}
          </Text>
          <Textarea
            data-autofocus
            label={t('cancel.reason')}
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
          <Group justify="flex-end" mt="xs">
            <Button variant="default" onClick={onClose} disabled={isBusy}>
              {t('cancel.keep')}
            </Button>
            <Button type="submit" color="red.9" loading={isBusy}>
              {t('cancel.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
