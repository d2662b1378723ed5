/** A row's id. PostgreSQL's `uuid` does not insist on RFC version bits, so neither do we. */
export const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A clinic's slug, the `tenants.id` of the database contract. */
export const clinicSlugPattern = /^[a-z][a-z0-9_-]{1,49}$/
