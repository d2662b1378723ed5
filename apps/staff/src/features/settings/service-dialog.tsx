import { NumberInput, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { ServiceSetting } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { PriceField } from '../../components/price-field.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { HIGHEST_PRICE, numberField, useFieldChecks } from '../../components/use-field-checks.ts'
import { useSaved } from '../../components/use-saved.ts'

interface ServiceDialogProps {
  /** Null creates a new one. */
  service: ServiceSetting | null
  currency: string
  onClose: () => void
}

/** A service's name, duration, buffer and price. */
export function ServiceDialog({ service, currency, onClose }: ServiceDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const save = useMutation(
    trpc.settings.saveService.mutationOptions({
      onSuccess: useSaved(onClose, trpc.settings.services.pathFilter(), trpc.clinic.pathFilter()),
    }),
  )
  const { required, within } = useFieldChecks()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: service?.name ?? '',
      durationMinutes: numberField(service?.durationMinutes ?? 30),
      bufferMinutes: numberField(service?.bufferMinutes ?? 0),
      price: numberField(service?.price),
      isActive: service?.isActive ?? true,
    },
    validate: {
      name: required,
      durationMinutes: within(limits.serviceDuration.min, limits.serviceDuration.max),
      bufferMinutes: within(limits.serviceBuffer.min, limits.serviceBuffer.max),
      price: within(0, HIGHEST_PRICE),
    },
  })
  const submit = form.onSubmit((values) =>
    save.mutate({
      ...(service === null ? {} : { serviceId: service.id }),
      name: values.name.trim(),
      durationMinutes: Number(values.durationMinutes),
      bufferMinutes: Number(values.bufferMinutes),
      price: Number(values.price),
      isActive: values.isActive,
    }),
  )
  return (
    <FormDialog
      title={t(service === null ? 'services.new' : 'services.editTitle')}
      onClose={onClose}
      onSubmit={submit}
      action={t('office.save')}
      {...stateOf(save)}
    >
      <TextInput
        {...form.getInputProps('name')}
        key={form.key('name')}
        label={t('services.name')}
        maxLength={limits.serviceName}
        data-autofocus
      />
      <NumberInput
        {...form.getInputProps('durationMinutes')}
        key={form.key('durationMinutes')}
        label={t('services.duration')}
        min={limits.serviceDuration.min}
        max={limits.serviceDuration.max}
        step={5}
        allowDecimal={false}
        clampBehavior="none"
      />
      <NumberInput
        {...form.getInputProps('bufferMinutes')}
        key={form.key('bufferMinutes')}
        label={t('services.buffer')}
        description={t('services.bufferHint')}
        min={0}
        max={limits.serviceBuffer.max}
        step={5}
        allowDecimal={false}
        clampBehavior="none"
      />
      <PriceField
        {...form.getInputProps('price')}
        key={form.key('price')}
        label={t('services.price')}
        currency={currency}
      />
      <Switch
        {...form.getInputProps('isActive', { type: 'checkbox' })}
        key={form.key('isActive')}
        label={t('services.active')}
      />
    </FormDialog>
  )
}
