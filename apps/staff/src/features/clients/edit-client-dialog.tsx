import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ClientSummary } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { problemOf } from '../../components/problem-alert.tsx'
import { ContactFields, useContactChecks } from './client-fields.tsx'

interface EditClientDialogProps {
  client: ClientSummary
  onClose: () => void
}

/** A client's name, phone and email. */
export function EditClientDialog({ client, onClose }: EditClientDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const update = useMutation(
    trpc.clients.update.mutationOptions({
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.clients.pathKey() })
        if (result.success) onClose()
      },
    }),
  )
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      fullName: client.fullName,
      phone: client.phone ?? '',
      email: client.email ?? '',
    },
    validate: useContactChecks(),
  })
  const submit = form.onSubmit(({ fullName, phone, email }) =>
    update.mutate({
      clientId: client.id,
      fullName: fullName.trim(),
      phone: phone.trim() || null,
      email: email.trim() || null,
    }),
  )
  return (
    <FormDialog
      title={t('clients.editTitle')}
      onClose={onClose}
      onSubmit={submit}
      action={t('office.save')}
      isBusy={update.isPending}
      problem={problemOf(update)}
    >
      <ContactFields form={form} />
    </FormDialog>
  )
}
