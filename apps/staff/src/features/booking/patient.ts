import type { ClientSummary, Pet } from '@vetcita/contracts'
import { isPhoneTooShort } from '../../components/contact.ts'

/** The pet to book for: a known one, a new pet of a known client, or a new client with a pet. */
export type Patient =
  | { kind: 'known'; client: ClientSummary; pet: Pet }
  | { kind: 'new pet'; client: ClientSummary; petName: string; species: string }
  | { kind: 'new client'; fullName: string; phone: string; petName: string; species: string }

export type PatientField = 'fullName' | 'phone' | 'petName'

/** Returns the fields that are missing or invalid. */
export function faultsOf(patient: Patient): ReadonlySet<PatientField> {
  const faults = new Set<PatientField>()
  if (patient.kind === 'known') return faults
  if (patient.petName.trim() === '') faults.add('petName')
  if (patient.kind === 'new pet') return faults
  if (patient.fullName.trim() === '') faults.add('fullName')
  if (isPhoneTooShort(patient.phone)) faults.add('phone')
  return faults
}
