import type { ClientSummary, Pet } from '@vetcita/contracts'

/** For whom an appointment is: a pet of the clinic, another pet of a client, or both new. */
export type Patient =
  | { kind: 'known'; client: ClientSummary; pet: Pet }
  | { kind: 'new pet'; client: ClientSummary; petName: string; species: string }
  | { kind: 'new client'; fullName: string; phone: string; petName: string; species: string }

/** Is everything there that a booking needs to know of the patient? */
export function isComplete(patient: Patient | null): patient is Patient {
  if (patient === null) return false
  if (patient.kind === 'known') return true
  const isNamed = patient.petName.trim() !== ''
  if (patient.kind === 'new pet') return isNamed
  const phone = patient.phone.trim().length
  return isNamed && patient.fullName.trim() !== '' && (phone === 0 || phone >= 3)
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
