/** A date `days` from today, `YYYY-MM-DD`. The tests' days lie far enough ahead for no zone to matter. */
export function day(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}

/** Ten o'clock in the morning in Asunción (−03 all year), `days` from today. */
export function asuncion(days: number, time = '10:00'): string {
  return `${day(days)}T${time}:00-03:00`
}

let keys = 0

/** A key that no other attempt has. */
export function newKey(): string {
  keys += 1
  return `test-key-${keys}`
}
