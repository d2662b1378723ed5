import { type Expected, expectedAfter } from '@vetcita/catalogue/manifest'
import type { Migration } from '../migrations.ts'

/** The three functions that the migration guide is about. */
export const guideFunctions = [
  'book_appointment_atomic',
  'merge_cart_atomic',
  'reschedule_appointment_atomic',
] as const

/** The exclusion constraint that keeps a vet's appointments apart. */
export const overlapConstraint = 'appointments_vet_no_overlap'

/** Returns what a database has to hold after these migrations, as the manifest has it. */
export function expectedCatalogue(migrations: readonly Migration[]): Expected {
  return expectedAfter(migrations.map(({ name }) => name))
}

/** Returns the functions that clients or the API call: those that are monitored, and repaired first. */
export function calledFunctions({ catalogue }: Expected): string[] {
  return Object.entries(catalogue.functions)
    .filter(
      ([name, { securityDefiner, result }]) =>
        securityDefiner === true && result !== 'trigger' && !name.startsWith('clinic_access.'),
    )
    .map(([name]) => name)
}
