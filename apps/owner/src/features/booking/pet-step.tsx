import { Button, Stack, Text, UnstyledButton } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ListSkeleton, QueryPending, SpeciesIcon, useSpeciesName, useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '../../components/links.tsx'
import { PetForm } from '../../components/pet-form.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useClinic, useMembership } from '../../session/clinic.tsx'
import { withNewPet, withPet, withPetDraft } from './choice.ts'
import { useChoice } from './use-choice.ts'

/** Asks for the pet: one of the user's own, or a new one. */
export function PetStep({ here }: { here: string }) {
  const membership = useMembership()
  if (membership === 'unknown') return <ListSkeleton rows={2} height={74} />
  return membership === 'member' ? (
    <OwnPets />
  ) : (
    <VisitorsPet here={here} isVisitor={membership === 'visitor'} />
  )
}

function OwnPets() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const queryClient = useQueryClient()
  const speciesName = useSpeciesName()
  const { choice, go } = useChoice()
  const keepDraft = useDraft()
  const [isAdding, setIsAdding] = useState(false)
  const pets = useQuery(trpc.pets.list.queryOptions())
  const create = useMutation(
    trpc.pets.create.mutationOptions({
      // the pet may exist, and only the answer got lost
      onError: () => queryClient.invalidateQueries({ queryKey: trpc.pets.list.queryKey() }),
      onSuccess: async (result) => {
        await queryClient.invalidateQueries({ queryKey: trpc.pets.list.queryKey() })
        if (result.success) await go((now) => withPet(now, result.pet.id))
      },
    }),
  )
  if (pets.data === undefined) return <QueryPending query={pets} rows={2} height={74} />
  const isFormOpen = isAdding || pets.data.length === 0 || choice.petName !== undefined
  return (
    <Stack>
      <Stack
        component="ul"
        gap="sm"
        m={0}
        p={0}
        style={{ listStyle: 'none' }}
        aria-label={t('booking.pet.yours')}
      >
        {pets.data.map((pet) => (
          <li key={pet.id}>
            <UnstyledButton
              className="choice"
              aria-pressed={choice.pet === pet.id}
              onClick={() => go((now) => withPet(now, pet.id))}
            >
              <SpeciesIcon species={pet.species} size={28} />
              <span>
                <Text component="span" fw={600} display="block">
                  {pet.name}
                </Text>
                <Text component="span" size="sm" c="dimmed">
                  {speciesName(pet.species)}
                </Text>
              </span>
            </UnstyledButton>
          </li>
        ))}
      </Stack>
      <ProblemAlert problem={create.error ?? (create.data?.success === false ? create.data : null)} />
      {isFormOpen ? (
        <PetForm
          title={t('booking.pet.newTitle')}
          submitLabel={t('booking.next')}
          name={choice.petName}
          species={choice.petSpecies}
          isBusy={create.isPending}
          onDraft={keepDraft}
          onSubmit={(name, species) => create.mutate({ name, species })}
        />
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => setIsAdding(true)}
        >
          {t('booking.pet.add')}
        </Button>
      )}
    </Stack>
  )
}

function VisitorsPet({ here, isVisitor }: { here: string; isVisitor: boolean }) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const { choice, go } = useChoice()
  const keepDraft = useDraft()
  return (
    <Stack>
      <PetForm
        title={t('booking.pet.newTitle')}
        submitLabel={t('booking.next')}
        name={choice.petName}
        species={choice.petSpecies}
        isBusy={false}
        onDraft={keepDraft}
        onSubmit={(name, species) => go((now) => withNewPet(now, name, species))}
      />
      {isVisitor ? (
        <Text c="dimmed">
          {t('booking.pet.have')}{' '}
          <TextLink to="/$clinic/login" params={{ clinic: clinic.id }} search={{ back: here }}>
            {t('booking.pet.signIn')}
          </TextLink>
        </Text>
      ) : null}
    </Stack>
  )
}

/** Keeps a pet in the URL while it is being typed, so that a reload does not lose it. */
function useDraft(): (name: string, species: string) => void {
  const { amend } = useChoice()
  return useDebouncedCallback(
    (name: string, species: string) => amend((now) => withPetDraft(now, name, species)),
    300,
  )
}
