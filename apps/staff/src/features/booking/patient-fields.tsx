import { Button, Group, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { PetFinder } from '../../lib/pet-finder.tsx'
import { SpeciesSelect } from '../../lib/species-select.tsx'
import { newClient, type Patient } from './patient.ts'

interface PatientFieldsProps {
  patient: Patient | null
  onChange: (patient: Patient | null) => void
}

/** Whom it is for: found while typing, or new on the spot. */
export function PatientFields({ patient, onChange }: PatientFieldsProps) {
  const { t } = useTranslation('staff')
  if (patient === null) {
    return (
      <PetFinder
        label={t('booking.who')}
        clientOption={(client) => t('booking.otherPet', { name: client.fullName })}
        nobodyOption={(typed) => t('booking.newClient', { typed })}
        onFound={(found) => {
          if (found.kind === 'pet') onChange({ kind: 'known', client: found.client, pet: found.pet })
          else if (found.kind === 'client')
            onChange({ kind: 'new pet', client: found.client, petName: '', species: 'dog' })
          else onChange(newClient(found.typed))
        }}
      />
    )
  }
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" mb={patient.kind === 'known' ? 0 : 'xs'}>
        <Text fw={600}>
          {patient.kind === 'known'
            ? `${patient.pet.name} · ${patient.client.fullName}`
            : patient.kind === 'new pet'
              ? t('booking.petOf', { name: patient.client.fullName })
              : t('booking.newClientTitle')}
        </Text>
        <Button variant="default" size="compact-sm" onClick={() => onChange(null)}>
          {t('booking.change')}
        </Button>
      </Group>
      {patient.kind === 'known' ? null : <NewFields patient={patient} onChange={onChange} />}
    </div>
  )
}

interface NewFieldsProps {
  patient: Exclude<Patient, { kind: 'known' }>
  onChange: (patient: Patient) => void
}

function NewFields({ patient, onChange }: NewFieldsProps) {
  const { t } = useTranslation('staff')
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {patient.kind === 'new client' ? (
        <>
          <TextInput
            label={t('clients.name')}
            value={patient.fullName}
            maxLength={120}
            required
            onChange={({ currentTarget }) => onChange({ ...patient, fullName: currentTarget.value })}
          />
          <TextInput
            label={t('clients.phone')}
            type="tel"
            value={patient.phone}
            maxLength={40}
            onChange={({ currentTarget }) => onChange({ ...patient, phone: currentTarget.value })}
          />
        </>
      ) : null}
      <TextInput
        label={t('clients.petName')}
        value={patient.petName}
        maxLength={80}
        required
        onChange={({ currentTarget }) => onChange({ ...patient, petName: currentTarget.value })}
      />
      <SpeciesSelect
        value={patient.species}
        onChange={({ currentTarget }) => onChange({ ...patient, species: currentTarget.value })}
      />
    </SimpleGrid>
  )
}
