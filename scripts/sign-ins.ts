import { demoPassword, demoSignIns } from '@vetcita/db/demo/sign-ins'

/** The demo's people and their password, for a terminal. */
export function printSignIns(): void {
  console.log(`\nDemo sign-ins, all with the password ${demoPassword}:`)
  for (const { email, what } of demoSignIns) console.log(`  ${email.padEnd(30)} ${what}`)
}
