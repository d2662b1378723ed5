import { Button, Group, SimpleGrid, Text, TextInput } from '@mantine/core'
import { limits } from '@vetcita/contracts/limits'
import { useTranslation } from 'react-i18next'
import { contactFrom } from '../../components/contact.ts'
import { PetFinder } from '../../components/pet-finder.tsx'
import { SpeciesSelect } from '../../components/species-select.tsx'
import { faultsOf, type Patient } from './patient.ts'

interface PatientFieldsProps {
  patient: Patient | null
  /** Booking was attempted, so missing fields show an error. */
  isTried: boolean
  onChange: (patient: Patient | null) => void
}

/** Chooses the pet to book for, or fields for a new pet or client. */
export function PatientFields({ patient, isTried, onChange }: PatientFieldsProps) {
  const { t } = useTranslation('staff')
  if (patient === null) {
    return (
      <PetFinder
        label={t('booking.who')}
        error={isTried ? t('booking.whoMissing') : null}
        clientOption={(client) => t('booking.otherPet', { name: client.fullName })}
        newOption={(typed) => t('booking.newClient', { typed })}
        onFound={(found) => {
          if (found.kind === 'pet') onChange({ kind: 'known', client: found.client, pet: found.pet })
          else if (found.kind === 'client')
            onChange({ kind: 'new pet', client: found.client, petName: '', species: 'dog' })
          else onChange({ kind: 'new client', ...contactFrom(found.typed), petName: '', species: 'dog' })
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
              ? t('booking.otherPet', { name: patient.client.fullName })
              : t('booking.newClientTitle')}
        </Text>
        <Button variant="default" size="compact-sm" onClick={() => onChange(null)}>
          {t('booking.change')}
        </Button>
      </Group>
      {patient.kind === 'known' ? null : (
        <NewFields patient={patient} isTried={isTried} onChange={onChange} />
      )}
    </div>
  )
}

interface NewFieldsProps {
  patient: Exclude<Patient, { kind: 'known' }>
  isTried: boolean
  onChange: (patient: Patient) => void
}

function NewFields({ patient, isTried, onChange }: NewFieldsProps) {
  const { t } = useTranslation('staff')
  const faults = faultsOf(patient)
  const isNameless = patient.kind === 'new client' && patient.fullName === ''
  const missing = (field: 'fullName' | 'petName') =>
    isTried && faults.has(field) ? t('office.missing') : null
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
      {patient.kind === 'new client' ? (
        <>
          <TextInput
            label={t('clients.name')}
            value={patient.fullName}
            maxLength={limits.personName}
            required
            error={missing('fullName')}
            data-autofocus={isNameless || undefined}
            onChange={({ currentTarget }) => onChange({ ...patient, fullName: currentTarget.value })}
          />
          <TextInput
            label={t('clients.phone')}
            type="tel"
            value={patient.phone}
            maxLength={limits.phone.max}
            error={isTried && faults.has('phone') ? t('clients.phoneShort') : null}
            onChange={({ currentTarget }) => onChange({ ...patient, phone: currentTarget.value })}
          />
        </>
      ) : null}
      <TextInput
        label={t('clients.petName')}
        value={patient.petName}
        maxLength={limits.petName}
        required
        error={missing('petName')}
        data-autofocus={!isNameless || undefined}
        onChange={({ currentTarget }) => onChange({ ...patient, petName: currentTarget.value })}
      />
      <SpeciesSelect
        value={patient.species}
        onChange={({ currentTarget }) => onChange({ ...patient, species: currentTarget.value })}
      />
    </SimpleGrid>
  )
}
