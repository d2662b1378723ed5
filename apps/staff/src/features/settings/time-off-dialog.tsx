import { NativeSelect, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TimeOff, Vet } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { SpanFields, spanOf, useSpanChecks, wholeDay } from './span-fields.tsx'

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
    initialValues: { ...wholeDay(today), vetId: vets[0]?.id ?? '', reason: '' },
    validate: useSpanChecks(),
  })
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
      <SpanFields form={form} today={today} />
      <TextInput
        {...form.getInputProps('reason')}
        label={t('timeOff.reason')}
        maxLength={limits.timeOffReason}
      />
    </FormDialog>
  )
}
