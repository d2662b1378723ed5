import { Button, Group, Text } from '@mantine/core'
import type { Pet } from '@vetcita/contracts'
import { SpeciesIcon, useSpeciesName } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '../../components/links.tsx'
import { useClinic } from '../../session/clinic.tsx'

interface PetCardProps {
  pet: Pet
  onEdit: () => void
  onRetire: () => void
}

/** A pet, with buttons to book for it, edit it and retire it. */
export function PetCard({ pet, onEdit, onRetire }: PetCardProps) {
  const { t } = useTranslation('owner')
  const clinic = useClinic()
  const speciesName = useSpeciesName()
  return (
    <Group className="vc-surface" p="md" justify="space-between">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <SpeciesIcon species={pet.species} size={32} />
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {pet.name}
          </Text>
          <Text size="sm" c="dimmed">
            {speciesName(pet.species)}
          </Text>
        </div>
      </Group>
      <Group gap="xs">
        <ButtonLink
          to="/$clinic/book"
          params={{ clinic: clinic.id }}
          search={{ pet: pet.id }}
          size="sm"
          variant="light"
          aria-label={t('pets.bookLabel', { pet: pet.name })}
        >
          {t('pets.book')}
        </ButtonLink>
        <Button
          size="sm"
          variant="default"
          aria-label={t('pets.editLabel', { pet: pet.name })}
          onClick={onEdit}
        >
          {t('pets.edit')}
        </Button>
        <Button
          size="sm"
          variant="default"
          aria-label={t('pets.retireLabel', { pet: pet.name })}
          onClick={onRetire}
        >
          {t('pets.retire')}
        </Button>
      </Group>
    </Group>
  )
}
