/** Returns the date `days` from today (UTC), `YYYY-MM-DD`. Tests use days far enough ahead for the zone not to matter. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** Returns the instant `days` from today at that time in Asunción (−03 all year). */
export function asuncion(days: number, time = '10:00'): string {
  return `${day(days)}T${time}:00-03:00`
}

let keys = 0

/** Returns an idempotency key that no other attempt has. */
export function newKey(): string {
  keys += 1
  return `test-key-${keys}`
}
