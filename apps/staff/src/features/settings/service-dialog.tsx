import { MultiSelect, NativeSelect, NumberInput, Switch, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { SaveServiceInput, ServiceSetting } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { speciesChoices, useSpeciesName, useTRPC } from '@vetcita/ui'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { PriceField } from '../../components/price-field.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { HIGHEST_PRICE, numberField, useFieldChecks } from '../../components/use-field-checks.ts'
import { useSaved } from '../../components/use-saved.ts'

const BOOKINGS = ['online', 'request', 'desk'] as const

interface ServiceDialogProps {
  /** Null creates a new one. */
  service: ServiceSetting | null
  currency: string
  onClose: () => void
}

/** All about a service: how long it takes, what it costs, who books it, who does it and for which animals. */
export function ServiceDialog({ service, currency, onClose }: ServiceDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const nameOf = useSpeciesName()
  const vets = useQuery(trpc.settings.hours.queryOptions()).data ?? []
  const saveService = useMutation(trpc.settings.saveService.mutationOptions())
  const setVets = useMutation(trpc.settings.setServiceVets.mutationOptions())
  // a new service that was saved although its vets were not is that one from then on
  const saved = useRef(service?.id)
  const save = useMutation({
    mutationFn: async ({ vetIds, ...input }: Omit<SaveServiceInput, 'serviceId'> & { vetIds: string[] }) => {
      const known = saved.current === undefined ? {} : { serviceId: saved.current }
      const result = await saveService.mutateAsync({ ...input, ...known })
      if (!result.success) return result
      saved.current = result.service.id
      return setVets.mutateAsync({ serviceId: result.service.id, vetIds })
    },
    onSuccess: useSaved(
      onClose,
      trpc.settings.services.pathFilter(),
      trpc.clinic.pathFilter(),
      trpc.slots.available.pathFilter(),
    ),
  })
  const { required, within } = useFieldChecks()
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      name: service?.name ?? '',
      durationMinutes: numberField(service?.durationMinutes ?? 30),
      bufferMinutes: numberField(service?.bufferMinutes ?? 0),
      price: numberField(service?.price),
      isActive: service?.isActive ?? true,
      booking: service?.booking ?? 'online',
      category: service?.category ?? '',
      position: numberField(service?.position ?? 0),
      preparation: service?.preparation ?? '',
      species: service?.species ?? [],
      vetIds: service?.vetIds ?? [],
    },
    validate: {
      name: required,
      durationMinutes: within(limits.serviceDuration.min, limits.serviceDuration.max),
      bufferMinutes: within(limits.serviceBuffer.min, limits.serviceBuffer.max),
      price: within(0, HIGHEST_PRICE),
      position: within(0, 100_000),
    },
  })
  const submit = form.onSubmit((values) =>
    save.mutate({
      name: values.name.trim(),
      durationMinutes: Number(values.durationMinutes),
      bufferMinutes: Number(values.bufferMinutes),
      price: Number(values.price),
      isActive: values.isActive,
      booking: BOOKINGS.find((known) => known === values.booking) ?? 'online',
      category: values.category.trim(),
      position: Number(values.position),
      preparation: values.preparation.trim(),
      species: values.species,
      vetIds: values.vetIds,
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
      <NativeSelect
        {...form.getInputProps('booking')}
        key={form.key('booking')}
        size="md"
        label={t('services.booking')}
        data={BOOKINGS.map((value) => ({ value, label: t(`services.bookings.${value}`) }))}
      />
      <MultiSelect
        {...form.getInputProps('vetIds')}
        key={form.key('vetIds')}
        label={t('services.vets')}
        description={t('services.vetsHint')}
        data={vets.map(({ id, fullName }) => ({ value: id, label: fullName }))}
        clearable
      />
      <MultiSelect
        {...form.getInputProps('species')}
        key={form.key('species')}
        label={t('services.species')}
        description={t('services.speciesHint')}
        data={[...new Set([...speciesChoices(undefined), ...(service?.species ?? [])])].map((value) => ({
          value,
          label: nameOf(value),
        }))}
        clearable
      />
      <TextInput
        {...form.getInputProps('category')}
        key={form.key('category')}
        label={t('services.category')}
        maxLength={limits.serviceCategory}
      />
      <NumberInput
        {...form.getInputProps('position')}
        key={form.key('position')}
        label={t('services.position')}
        description={t('services.positionHint')}
        min={0}
        max={100_000}
        allowDecimal={false}
        clampBehavior="none"
      />
      <Textarea
        {...form.getInputProps('preparation')}
        key={form.key('preparation')}
        label={t('services.preparation')}
        description={t('services.preparationHint')}
        maxLength={limits.servicePreparation}
        autosize
        minRows={2}
      />
      <Switch
        {...form.getInputProps('isActive', { type: 'checkbox' })}
        key={form.key('isActive')}
        label={t('services.active')}
      />
    </FormDialog>
  )
}
