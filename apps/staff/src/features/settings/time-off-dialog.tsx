import { Group, NativeSelect, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TimeOff, Vet } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { addDays, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { DateField } from '../../components/date-field.tsx'
import { FormDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { TimeField } from '../../components/time-field.tsx'

const MIDNIGHT = '00:00'

interface TimeOffDialogProps {
  vets: readonly Vet[]
  /** The clinic's date, `YYYY-MM-DD`. */
  today: string
  onClose: () => void
  /** Gets the new time off with the appointments inside it. */
  onAdded: (added: TimeOff) => void
}

/** Adds time off for a vet: whole days, or between two times on the clinic's clock. */
export function TimeOffDialog({ vets, today, onClose, onAdded }: TimeOffDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const add = useMutation(
    trpc.settings.addTimeOff.mutationOptions({
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.settings.timeOff.pathKey() })
        // calendars shade time off
        await queryClient.invalidateQueries({ queryKey: trpc.appointments.pathKey() })
        if (!result.success) return
        onAdded(result.timeOff)
        onClose()
      },
    }),
  )
  const form = useForm({
    initialValues: {
      vetId: vets[0]?.id ?? '',
      startDate: today,
      endDate: today,
      isAllDay: true,
      startTime: '08:00',
      endTime: '12:00',
      reason: '',
    },
    validate: {
      endDate: (value, all) => (all.startDate <= value ? null : t('timeOff.order')),
      startTime: (value, all) => (all.isAllDay || value !== '' ? null : t('office.missing')),
      endTime: (value, all) =>
        all.isAllDay ? null : value === '' ? t('office.missing') : isInOrder(all) ? null : t('timeOff.order'),
    },
  })
  const { isAllDay, startDate, endDate, startTime, endTime } = form.getValues()
  const submit = form.onSubmit((values) =>
    add.mutate({
      vetId: values.vetId,
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
      {...stateOf(add)}
    >
      <NativeSelect
        {...form.getInputProps('vetId')}
        label={t('timeOff.vet')}
        size="md"
        data={vets.map(({ id, fullName }) => ({ value: id, label: fullName }))}
        data-autofocus
      />
      <Switch
        {...form.getInputProps('isAllDay', { type: 'checkbox' })}
        size="md"
        label={t('timeOff.allDay')}
      />
      <Group grow align="flex-start">
        <DateField
          {...form.getInputProps('startDate')}
          value={startDate}
          label={t('timeOff.from')}
          minDate={today}
          onChange={(date) => {
            form.setFieldValue('startDate', date)
            // the end never stays before the start
            if (endDate < date) form.setFieldValue('endDate', date)
          }}
        />
        {isAllDay ? null : (
          <TimeField {...form.getInputProps('startTime')} value={startTime} label={t('timeOff.fromTime')} />
        )}
      </Group>
      <Group grow align="flex-start">
        <DateField
          {...form.getInputProps('endDate')}
          value={endDate}
          label={t(isAllDay ? 'timeOff.until' : 'timeOff.untilTimed')}
          minDate={startDate}
        />
        {isAllDay ? null : (
          <TimeField {...form.getInputProps('endTime')} value={endTime} label={t('timeOff.untilTime')} />
        )}
      </Group>
      <TextInput
        {...form.getInputProps('reason')}
        label={t('timeOff.reason')}
        maxLength={limits.timeOffReason}
      />
    </FormDialog>
  )
}

interface Span {
  startDate: string
  startTime: string
  endDate: string
  endTime: string
}

/** What is sent. Whole days end at the midnight after the last one. */
function spanOf({ startDate, endDate, isAllDay, startTime, endTime }: Span & { isAllDay: boolean }): Span {
  if (!isAllDay) return { startDate, startTime, endDate, endTime }
  return { startDate, startTime: MIDNIGHT, endDate: addDays(endDate, 1), endTime: MIDNIGHT }
}

function isInOrder({ startDate, startTime, endDate, endTime }: Span): boolean {
  return `${startDate}T${startTime}` < `${endDate}T${endTime}`
}
