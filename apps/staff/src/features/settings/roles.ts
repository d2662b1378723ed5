import type { StaffRole } from '@vetcita/contracts'

/** The roles of the staff, in the order in which they are offered. */
export const STAFF_ROLES: readonly StaffRole[] = ['receptionist', 'vet', 'admin']
