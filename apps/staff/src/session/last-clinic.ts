const KEY = 'vetcita.staff.clinic'

/** Returns the id of the clinic that this device showed last, or null if there is none or storage is blocked. */
export function lastClinic(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

/** Remembers the clinic for the next visit on this device. */
export function rememberClinic(id: string): void {
  try {
    localStorage.setItem(KEY, id)
  } catch {
    // without storage the user chooses again next time
  }
}
