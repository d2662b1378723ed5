/** The header with which a request names its clinic. It selects; the caller's memberships decide. */
export const clinicHeader = 'x-clinic'
