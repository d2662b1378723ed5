/**
 * A moment is one ISO 8601 string with the clinic's offset at that instant, as the server wrote it. So its beginning is
 * the clinic's wall clock, and no device has to know the clinic's zone: phones' zone data may be old.
 */

/** The clinic's date of a moment, `YYYY-MM-DD`. */
export function dateOf(moment: string): string {
  return moment.slice(0, 10)
}

/** The clinic's time of a moment, `HH:MM`. */
export function timeOf(moment: string): string {
  return moment.slice(11, 16)
}

/** The offset of a moment, `Z` or `±HH:MM`. */
export function offsetOf(moment: string): string {
  return moment.endsWith('Z') ? 'Z' : moment.slice(-6)
}
