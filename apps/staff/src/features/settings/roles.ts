import type { StaffRole } from '@vetcita/contracts'

/** The roles of staff, in the order in which forms offer them. */
export const STAFF_ROLES: readonly StaffRole[] = ['receptionist', 'assistant', 'vet', 'admin']
