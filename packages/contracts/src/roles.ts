export const roles = ['owner', 'receptionist', 'assistant', 'vet', 'admin'] as const

export type Role = (typeof roles)[number]

/** The roles that count as staff, which an invitation can give. */
export const staffRoles = ['receptionist', 'assistant', 'vet', 'admin'] as const

export type StaffRole = (typeof staffRoles)[number]

/** Whether a role is one of the staff's. */
export function isStaffRole(role: Role): role is StaffRole {
  return role !== 'owner'
}
