const KEY = 'vetcita.staff.clinic'

/** The slug of the clinic that this device showed last; null where none, or where the store is closed to us. */
export function lastClinic(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** Keeps the clinic for the next visit on this device. */
export function rememberClinic(slug: string): void {
  try {
    localStorage.setItem(KEY, slug)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
