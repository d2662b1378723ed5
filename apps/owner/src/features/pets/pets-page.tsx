import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core'
import { IconPaw, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { Pet } from '@vetcita/contracts'
import { EmptyState, QueryPending, useTRPC } from '@vetcita/ui'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PetForm } from '../../components/pet-form.tsx'
import { ProblemAlert } from '../../components/problem-alert.tsx'
import { useClinic } from '../../session/clinic.tsx'
import { MembersOnly } from '../../session/members-only.tsx'
import { PetCard } from './pet-card.tsx'
import { usePetChanges } from './use-pet-changes.ts'

const RetireDialog = lazy(() => import('./retire-dialog.tsx'))

/** The user's pets at this clinic: add, edit and retire. */
export function PetsPage() {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  return (
    <Stack gap="lg" maw={640} mx="auto">
      <title>{`${t('pets.title')} · ${clinic.name}`}</title>
      <Stack gap={4}>
        <Title>{t('pets.title')}</Title>
        <Text c="dimmed">{t('pets.lead', { clinic: clinic.name })}</Text>
      </Stack>
      <MembersOnly>
        <Pets />
      </MembersOnly>
    </Stack>
  )
}

/** What is open: the form for a new pet, a pet's form, or the question whether to retire one. */
type Opened = { what: 'add' } | { what: 'edit' | 'retire'; pet: Pet } | null

function Pets() {
  const { t } = useTranslation('owner')
  const trpc = useTRPC()
  const pets = useQuery(trpc.pets.list.queryOptions())
  const [opened, setOpened] = useState<Opened>(null)
  // stays in the dialog while it closes
  const [retiring, setRetiring] = useState<Pet | null>(null)
  const stop = () => setOpened(null)
  const changes = usePetChanges(stop)
  if (pets.data === undefined) return <QueryPending query={pets} rows={2} height={84} />
  const start = (next: Opened) => {
    changes.forget()
    setOpened(next)
    if (next?.what === 'retire') setRetiring(next.pet)
  }
  return (
    <Stack>
      <ProblemAlert problem={changes.problem} />
      <Done changes={changes} />
      {pets.data.length === 0 && opened === null ? (
        <EmptyState icon={IconPaw} title={t('pets.empty')}>
          <Text c="dimmed">{t('pets.emptyHint')}</Text>
        </EmptyState>
      ) : (
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }} aria-label={t('pets.list')}>
          {pets.data.map((pet) => (
            <li key={pet.id}>
              {opened?.what === 'edit' && opened.pet.id === pet.id ? (
                <PetForm
                  title={t('pets.editTitle', { pet: pet.name })}
                  submitLabel={t('pets.save')}
                  name={pet.name}
                  species={pet.species}
                  isBusy={changes.isPending}
                  onSubmit={(name, species) => changes.update({ petId: pet.id, name, species })}
                  onCancel={stop}
                />
              ) : (
                <PetCard
                  pet={pet}
                  onEdit={() => start({ what: 'edit', pet })}
                  onRetire={() => start({ what: 'retire', pet })}
                />
              )}
            </li>
          ))}
        </Stack>
      )}
      {opened?.what === 'add' ? (
        <PetForm
          title={t('pets.newTitle')}
          submitLabel={t('pets.create')}
          isBusy={changes.isPending}
          onSubmit={(name, species) => changes.create({ name, species })}
          onCancel={stop}
        />
      ) : (
        <Button
          variant="default"
          leftSection={<IconPlus size={18} aria-hidden />}
          onClick={() => start({ what: 'add' })}
        >
          {t('pets.add')}
        </Button>
      )}
      {retiring === null ? null : (
        <Suspense>
          <RetireDialog
            pet={retiring}
            isOpen={opened?.what === 'retire'}
            isBusy={changes.isPending}
            onClose={stop}
            onRetire={() => changes.retire({ petId: retiring.id })}
          />
        </Suspense>
      )}
    </Stack>
  )
}

/** Reports the last change; retiring a pet can be undone. */
function Done({ changes }: { changes: ReturnType<typeof usePetChanges> }) {
  const { t } = useTranslation('owner')
  const { done, restore, isPending } = changes
  return (
    <div role="status">
      {done === null ? null : (
        <Alert role="group" color="petrol" py="sm">
          <Group justify="space-between">
            <Text size="sm">{t(`pets.${done.what}`, { pet: done.pet.name })}</Text>
            {done.what === 'retired' ? (
              <Button
                variant="default"
                size="compact-sm"
                loading={isPending}
                onClick={() => restore({ petId: done.pet.id })}
              >
                {t('pets.undo')}
              </Button>
            ) : null}
          </Group>
        </Alert>
      )}
    </div>
  )
}
