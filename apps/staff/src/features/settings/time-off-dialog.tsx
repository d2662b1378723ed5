import { Group, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { addDays, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../lib/form-dialog.tsx'
import { problemOf } from '../../lib/problem-alert.tsx'
import { useClinic } from '../../lib/use-clinic.ts'

const MIDNIGHT = '00:00'

/** Time off of a vet: whole days, or from an hour to another of the clinic's clock. */
export function TimeOffDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const weeks = useQuery(trpc.settings.hours.queryOptions())
  const vets = weeks.data ?? []
  const today = useClinic()?.today ?? ''
  const add = useMutation(
    trpc.settings.addTimeOff.mutationOptions({
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.settings.timeOff.pathKey() })
        await queryClient.invalidateQueries({ queryKey: trpc.appointments.pathKey() })
        if (result.success) onClose()
      },
    }),
  )
  const form = useForm({
    initialValues: {
      vetId: '',
      startDate: today,
      endDate: today,
      isAllDay: true,
      startTime: '08:00',
      endTime: '12:00',
      reason: '',
    },
    validate: {
      startDate: (value) => (value === '' ? t('office.missing') : null),
      endDate: (value, all) =>
        value === '' ? t('office.missing') : isInOrder(spanOf(all)) ? null : t('timeOff.order'),
      startTime: (value, all) => (all.isAllDay || value !== '' ? null : t('office.missing')),
      endTime: (value, all) => (all.isAllDay || value !== '' ? null : t('office.missing')),
    },
  })
  const { isAllDay } = form.getValues()
  const submit = form.onSubmit((values) =>
    add.mutate({
      vetId: values.vetId || (vets[0]?.id ?? ''),
      ...spanOf(values),
      ...(values.reason.trim() === '' ? {} : { reason: values.reason.trim() }),
    }),
  )
  return (
    <FormDialog
      title={t('timeOff.new')}
      onClose={onClose}
      onSubmit={submit}
      action={t('timeOff.add')}
      isBusy={add.isPending || weeks.data === undefined}
      problem={problemOf(add)}
    >
      <NativeSelect
        {...form.getInputProps('vetId')}
        label={t('timeOff.vet')}
        size="md"
        data={vets.map(({ id, fullName }) => ({ value: id, label: fullName }))}
        data-autofocus
      />
      <Switch {...form.getInputProps('isAllDay', { type: 'checkbox' })} label={t('timeOff.allDay')} />
      <Group grow align="flex-start">
        <TextInput {...form.getInputProps('startDate')} label={t('timeOff.from')} type="date" />
        {isAllDay ? null : (
          <TextInput {...form.getInputProps('startTime')} label={t('timeOff.fromTime')} type="time" />
        )}
      </Group>
      <Group grow align="flex-start">
        <TextInput
          {...form.getInputProps('endDate')}
          label={t(isAllDay ? 'timeOff.until' : 'timeOff.untilTimed')}
          type="date"
        />
        {isAllDay ? null : (
          <TextInput {...form.getInputProps('endTime')} label={t('timeOff.untilTime')} type="time" />
        )}
      </Group>
      <TextInput {...form.getInputProps('reason')} label={t('timeOff.reason')} maxLength={500} />
    </FormDialog>
  )
}

interface Span {
  startDate: string
  startTime: string
  endDate: string
  endTime: string
}

/** Whole days end at the midnight after the last one. */
function spanOf({ startDate, endDate, isAllDay, startTime, endTime }: Span & { isAllDay: boolean }): Span {
  if (!isAllDay || endDate === '') return { startDate, startTime, endDate, endTime }
  return { startDate, startTime: MIDNIGHT, endDate: addDays(endDate, 1), endTime: MIDNIGHT }
}

function isInOrder({ startDate, startTime, endDate, endTime }: Span): boolean {
  return `${startDate}T${startTime}` < `${endDate}T${endTime}`
}
