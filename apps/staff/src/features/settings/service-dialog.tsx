import { NumberInput, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ServiceSetting } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { useLanguage, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { HIGHEST_PRICE, useRangeCheck } from '../../appointment/use-range-check.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { decimalsOf, numberField, separatorsIn } from '../../components/money.ts'
import { problemOf } from '../../components/problem-alert.tsx'

interface ServiceDialogProps {
  /** Null makes a new one. */
  service: ServiceSetting | null
  currency: string
  onClose: () => void
}

/** A service's name, length, pause after it and price. */
export function ServiceDialog({ service, currency, onClose }: ServiceDialogProps) {
  const { t } = useTranslation('staff')
  const language = useLanguage()
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const save = useMutation(
    trpc.settings.saveService.mutationOptions({
      onSuccess: async (result) => {
        // whoever books sees it, too
        await queryClient.invalidateQueries({ queryKey: trpc.settings.services.pathKey() })
        await queryClient.invalidateQueries({ queryKey: trpc.clinic.pathKey() })
        if (result.success) onClose()
      },
    }),
  )
  const within = useRangeCheck()
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
      name: (value) => (value.trim() === '' ? t('office.missing') : null),
      durationMinutes: within(limits.serviceDuration.min, limits.serviceDuration.max),
      bufferMinutes: within(0, 240),
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
      isBusy={save.isPending}
      problem={problemOf(save)}
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
        min={5}
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
        max={240}
        step={5}
        allowDecimal={false}
        clampBehavior="none"
      />
      <NumberInput
        {...form.getInputProps('price')}
        key={form.key('price')}
        label={`${t('services.price')} (${currency})`}
        min={0}
        clampBehavior="none"
        decimalScale={decimalsOf(currency)}
        {...separatorsIn(language)}
      />
      <Switch
        {...form.getInputProps('isActive', { type: 'checkbox' })}
        key={form.key('isActive')}
        label={t('services.active')}
      />
    </FormDialog>
  )
}
