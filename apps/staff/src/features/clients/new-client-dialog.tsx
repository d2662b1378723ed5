import { Fieldset, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ClientSummary } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { retryLostConnection, useRequestKey, useTRPC } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { contactFrom } from '../../components/contact.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { SpeciesSelect } from '../../components/species-select.tsx'
import { ContactFields, useContactChecks } from './client-fields.tsx'

interface NewClientDialogProps {
  /** A search that found no one: a name or a phone. */
  typed: string
  onClose: () => void
  onCreated: (client: ClientSummary) => void
}

/** Adds a walk-in client, with a pet if one is named. */
export function NewClientDialog({ typed, onClose, onCreated }: NewClientDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const keyOf = useRequestKey()
  const create = useMutation(
    trpc.clients.create.mutationOptions({
      ...retryLostConnection,
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.clients.pathKey() })
        if (result.success) onCreated(result.client)
      },
    }),
  )
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: {
      ...contactFrom(typed),
      email: '',
      petName: '',
      species: 'dog',
    },
    validate: useContactChecks(),
  })
  const submit = form.onSubmit(({ fullName, phone, email, petName, species }) => {
    const input = {
      fullName: fullName.trim(),
      ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
      ...(email.trim() === '' ? {} : { email: email.trim() }),
      ...(petName.trim() === '' ? {} : { pet: { name: petName.trim(), species } }),
    }
    create.mutate({ ...input, idempotencyKey: keyOf(input) })
  })
  return (
    <FormDialog
      title={t('clients.new')}
      onClose={onClose}
      onSubmit={submit}
      action={t('clients.create')}
      {...stateOf(create)}
    >
      <ContactFields form={form} />
      <Fieldset legend={t('clients.pet')}>
        <Stack>
          <TextInput
            {...form.getInputProps('petName')}
            key={form.key('petName')}
            label={t('clients.petName')}
            maxLength={limits.petName}
          />
          <SpeciesSelect {...form.getInputProps('species')} key={form.key('species')} />
        </Stack>
      </Fieldset>
    </FormDialog>
  )
}
