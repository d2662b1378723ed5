import { type Expected, expectedAfter } from '@vetcita/catalogue/manifest'
import type { Migration } from '../migrations.ts'

/** The three functions of the migration guide. */
export const guideFunctions = [
  'book_appointment_atomic',
  'merge_cart_atomic',
  'reschedule_appointment_atomic',
] as const

/** The exclusion constraint that prevents a vet's appointments from overlapping. */
export const overlapConstraint = 'appointments_vet_no_overlap'

/** Returns what a database must contain after these migrations, by the manifest. */
export function expectedCatalogue(migrations: readonly Migration[]): Expected {
  return expectedAfter(migrations.map(({ name }) => name))
}

/** Returns the functions that clients or the API call, which are monitored and repaired first. */
export function calledFunctions({ catalogue }: Expected): string[] {
  return Object.entries(catalogue.functions)
    .filter(
      ([name, { securityDefiner, result }]) =>
        securityDefiner === true && result !== 'trigger' && !name.startsWith('clinic_access.'),
    )
    .map(([name]) => name)
}
