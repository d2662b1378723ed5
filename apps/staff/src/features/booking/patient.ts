import type { ClientSummary, Pet } from '@vetcita/contracts'

/** For whom an appointment is: a pet of the clinic, another pet of a client, or both new. */
export type Patient =
  | { kind: 'known'; client: ClientSummary; pet: Pet }
  | { kind: 'new pet'; client: ClientSummary; petName: string; species: string }
  | { kind: 'new client'; fullName: string; phone: string; petName: string; species: string }

export type PatientField = 'fullName' | 'phone' | 'petName'

/** Which fields a booking still needs, or cannot take as they are. A phone may be left out, and is not cut short. */
export function faultsOf(patient: Patient): ReadonlySet<PatientField> {
  const faults = new Set<PatientField>()
  if (patient.kind === 'known') return faults
  if (patient.petName.trim() === '') faults.add('petName')
  if (patient.kind === 'new pet') return faults
  if (patient.fullName.trim() === '') faults.add('fullName')
  if (/^.{1,2}$/u.test(patient.phone.trim())) faults.add('phone')
  return faults
}

/** A new client from what was searched for in vain: a phone, else a name. */
export function newClient(typed: string): Patient {
  const isPhone = /^[\d\s()+./-]+$/.test(typed)
  return {
    kind: 'new client',
    fullName: isPhone ? '' : typed,
    phone: isPhone ? typed : '',
    petName: '',
    species: 'dog',
  }
}
