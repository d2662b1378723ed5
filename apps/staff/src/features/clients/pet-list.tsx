import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { Pet } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { retryLostConnection, useRequestKey, useSpeciesName, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConfirmDialog, FormDialog } from '../../components/form-dialog.tsx'
import { stateOf } from '../../components/problem-alert.tsx'
import { SpeciesSelect } from '../../components/species-select.tsx'
import { useFieldChecks } from '../../components/use-field-checks.ts'
import { useSaved } from '../../components/use-saved.ts'

type Open = { what: 'add' } | { what: 'edit' | 'retire'; pet: Pet }

/** A client's pets, with dialogs to add, edit and retire them. */
export function PetList({ clientId, pets }: { clientId: string; pets: readonly Pet[] }) {
  const { t } = useTranslation('staff')
  const nameOf = useSpeciesName()
  const [open, setOpen] = useState<Open | null>(null)
  const close = () => setOpen(null)
  return (
    <Stack gap="sm">
      {pets.length === 0 ? <Text c="dimmed">{t('clients.noPets')}</Text> : null}
      <ul className="vs-lines" aria-label={t('clients.pets')}>
        {pets.map((pet) => (
          <li key={pet.id}>
            <Group justify="space-between" wrap="nowrap">
              <Text>
                <Text span fw={600}>
                  {pet.name}
                </Text>{' '}
                <Text span c="dimmed">
                  {nameOf(pet.species)}
                </Text>
              </Text>
              <Group gap={4} wrap="nowrap">
                <ActionIcon
                  variant="subtle"
                  size="lg"
                  aria-label={t('clients.editPet', { pet: pet.name })}
                  onClick={() => setOpen({ what: 'edit', pet })}
                >
                  <IconPencil size={18} aria-hidden />
                </ActionIcon>
                <ActionIcon
                  variant="subtle"
                  size="lg"
                  color="red"
                  aria-label={t('clients.retirePet', { pet: pet.name })}
                  onClick={() => setOpen({ what: 'retire', pet })}
                >
                  <IconTrash size={18} aria-hidden />
                </ActionIcon>
              </Group>
            </Group>
          </li>
        ))}
      </ul>
      <Button
        variant="light"
        size="sm"
        leftSection={<IconPlus size={18} aria-hidden />}
        onClick={() => setOpen({ what: 'add' })}
        style={{ alignSelf: 'flex-start' }}
      >
        {t('clients.addPet')}
      </Button>
      {open === null ? null : open.what === 'retire' ? (
        <RetireDialog pet={open.pet} onClose={close} />
      ) : (
        <PetDialog clientId={clientId} pet={open.what === 'edit' ? open.pet : null} onClose={close} />
      )}
    </Stack>
  )
}

interface PetDialogProps {
  clientId: string
  /** Null adds a new one. */
  pet: Pet | null
  onClose: () => void
}

function PetDialog({ clientId, pet, onClose }: PetDialogProps) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const onSuccess = useSaved(onClose, trpc.clients.pathFilter())
  const { required } = useFieldChecks()
  const keyOf = useRequestKey()
  const add = useMutation(trpc.clients.addPet.mutationOptions({ ...retryLostConnection, onSuccess }))
  const update = useMutation(trpc.clients.updatePet.mutationOptions({ onSuccess }))
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { name: pet?.name ?? '', species: pet?.species ?? 'dog' },
    validate: { name: required },
  })
  const submit = form.onSubmit(({ name, species }) => {
    const values = { name: name.trim(), species }
    const input = { clientId, ...values }
    if (pet === null) add.mutate({ ...input, idempotencyKey: keyOf(input) })
    else update.mutate({ petId: pet.id, ...values })
  })
  return (
    <FormDialog
      title={pet === null ? t('clients.addPet') : t('clients.editPet', { pet: pet.name })}
      onClose={onClose}
      onSubmit={submit}
      action={t('office.save')}
      {...stateOf(pet === null ? add : update)}
    >
      <TextInput
        {...form.getInputProps('name')}
        key={form.key('name')}
        label={t('clients.petName')}
        maxLength={limits.petName}
        data-autofocus
      />
      <SpeciesSelect {...form.getInputProps('species')} key={form.key('species')} current={pet?.species} />
    </FormDialog>
  )
}

function RetireDialog({ pet, onClose }: { pet: Pet; onClose: () => void }) {
  const { t } = useTranslation('staff')
  const trpc = useTRPC()
  const retire = useMutation(
    trpc.clients.retirePet.mutationOptions({ onSuccess: useSaved(onClose, trpc.clients.pathFilter()) }),
  )
  return (
    <ConfirmDialog
      title={t('clients.retireTitle', { pet: pet.name })}
      onClose={onClose}
      onConfirm={() => retire.mutate({ petId: pet.id })}
      action={t('clients.retire')}
      {...stateOf(retire)}
    >
      <Text>{t('clients.retireText')}</Text>
    </ConfirmDialog>
  )
}
