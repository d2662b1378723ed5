import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import { limits } from '@vetcita/contracts/limits'
import { retryLostConnection, useRequestKey, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { useFieldChecks } from '../../components/use-field-checks.ts'
import { useSaved } from '../../components/use-saved.ts'
import { SpanFields, spanOf, useSpanChecks, wholeDay } from './span-fields.tsx'

interface ClosureDialogProps {
  /** The clinic's date, `YYYY-MM-DD`. */
  today: string
  onClose: () => void
}

/** Closes the whole clinic for some days, or between two times. A repeated call after a lost answer closes it once. */
export function ClosureDialog({ today, onClose }: ClosureDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const keyOf = useRequestKey()
  const add = useMutation(
    trpc.settings.addClosure.mutationOptions({
      ...retryLostConnection,
      // calendars shade closed days
      onSuccess: useSaved(
        onClose,
        trpc.settings.closures.pathFilter(),
        trpc.appointments.pathFilter(),
        trpc.clinic.pathFilter(),
      ),
    }),
  )
  const { required } = useFieldChecks()
  const form = useForm({
    initialValues: { ...wholeDay(today), name: '' },
    validate: { ...useSpanChecks(), name: required },
  })
  const submit = form.onSubmit((values) => {
    const input = { ...spanOf(values), name: values.name.trim() }
    add.mutate({ ...input, idempotencyKey: keyOf(input) })
  })
  return (
    <FormDialog
      title={t('closures.new')}
      onClose={onClose}
      onSubmit={submit}
      action={t('closures.add')}
      {...stateOf(add)}
    >
      <TextInput
        {...form.getInputProps('name')}
        label={t('closures.name')}
        description={t('closures.nameHint')}
        maxLength={limits.closureName}
        data-autofocus
      />
      <SpanFields form={form} today={today} />
    </FormDialog>
  )
}
