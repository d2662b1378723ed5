import { NativeSelect, NumberInput, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { DayAppointment } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { retryLostConnection, useTRPC } from '@vetcita/ui'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefreshSchedule } from '../../appointment/use-schedule.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { problemOf } from '../../components/problem-alert.tsx'
import { useClinic } from '../../session/use-clinic.ts'

interface EditDialogProps {
  appointment: DayAppointment
  onClose: () => void
}

/** Corrects an appointment's pet, service, length or reason. What was not touched is not sent, and stays. */
export function EditDialog({ appointment, onClose }: EditDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const refresh = useRefreshSchedule()
  const { pet, service, owner } = appointment
  const minutes = (Date.parse(appointment.endTime) - Date.parse(appointment.startTime)) / 60_000
  const [petId, setPet] = useState(pet.id)
  const [serviceId, setService] = useState(service.id)
  const [length, setLength] = useState<number | null>(minutes)
  const [reason, setReason] = useState(appointment.reason ?? '')
  const services = useClinic()?.services ?? []
  const client = useQuery(trpc.clients.get.queryOptions({ clientId: owner.id })).data
  const pets = client?.success ? client.client.pets : [pet]
  const edit = useMutation(
    trpc.appointments.edit.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        await refresh()
        if (result.success) onClose()
      },
    }),
  )
  const isChanged =
    petId !== pet.id ||
    serviceId !== service.id ||
    length !== minutes ||
    reason.trim() !== (appointment.reason ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isChanged) onClose()
    if (!isChanged || length === null) return
    edit.mutate({
      appointmentId: appointment.id,
      expectedVersion: appointment.version,
      ...(petId === pet.id ? {} : { petId }),
      ...(serviceId === service.id ? {} : { serviceId }),
      ...(length === minutes ? {} : { durationMinutes: length }),
      ...(reason.trim() === (appointment.reason ?? '') ? {} : { reason }),
    })
  }
  return (
    <FormDialog
      title={t('edit.title', { pet: pet.name })}
      onClose={onClose}
      onSubmit={submit}
      action={t('edit.save')}
      isBusy={edit.isPending}
      problem={problemOf(edit)}
    >
      <NativeSelect
        label={t('edit.pet')}
        value={petId}
        data={named(pets, pet)}
        onChange={({ currentTarget }) => setPet(currentTarget.value)}
      />
      <NativeSelect
        label={t('edit.service')}
        description={t('edit.serviceHint')}
        value={serviceId}
        data={named(services, { id: service.id, name: service.name ?? t('card.retiredService') })}
        onChange={({ currentTarget }) => {
          const next = services.find(({ id }) => id === currentTarget.value)
          setService(currentTarget.value)
          if (next !== undefined) setLength(next.durationMinutes)
        }}
      />
      <NumberInput
        label={t('edit.length')}
        value={length ?? ''}
        min={limits.serviceDuration.min}
        max={limits.serviceDuration.max}
        step={5}
        allowDecimal={false}
        onChange={(value) => setLength(typeof value === 'number' ? value : null)}
      />
      <Textarea
        label={t('edit.reason')}
        value={reason}
        maxLength={limits.appointmentReason}
        autosize
        minRows={2}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </FormDialog>
  )
}

type Named = { id: string; name: string }

/** The choices of a select, among them what is chosen now, even if it is not offered any more. */
function named(offered: readonly Named[], chosen: Named) {
  const all = offered.some(({ id }) => id === chosen.id) ? offered : [chosen, ...offered]
  return all.map(({ id, name }) => ({ value: id, label: name }))
}
