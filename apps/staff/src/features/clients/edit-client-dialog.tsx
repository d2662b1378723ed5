import { useForm } from '@mantine/form'
import { useMutation } from '@tanstack/react-query'
import type { ClientSummary } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { useSaved } from '../../components/use-saved.ts'
import { ContactFields, useContactChecks } from './client-fields.tsx'

interface EditClientDialogProps {
  client: ClientSummary
  onClose: () => void
}

/** Changes a client's name, phone and email. */
export function EditClientDialog({ client, onClose }: EditClientDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const update = useMutation(
    trpc.clients.update.mutationOptions({ onSuccess: useSaved(onClose, trpc.clients.pathFilter()) }),
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
      {...stateOf(update)}
    >
      <ContactFields form={form} />
    </FormDialog>
  )
}
