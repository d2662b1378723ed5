/** A row's id. PostgreSQL's `uuid` does not insist on RFC version bits, so neither do we. */
export const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A clinic's slug, the `tenants.id` of the database contract. */
export const clinicSlugPattern = /^[a-z][a-z0-9_-]{1,49}$/

/**
 * A text without control characters (line breaks among them) and without characters that nobody sees: zero-width ones,
 * marks that turn the direction of what follows, fillers. Names are such texts, so that two that look alike are alike. The
 * database's `is_plain` is the same; a test compares them.
 */
export const plainPattern =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]*$/
