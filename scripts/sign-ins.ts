import { demoPassword, demoSignIns } from '@vetcita/db/demo/sign-ins'

/** Prints the demo's accounts and their password. */
export function printSignIns(): void {
  console.log(`\nDemo sign-ins, all with the password ${demoPassword}:`)
  for (const { email, what } of demoSignIns) console.log(`  ${email.padEnd(30)} ${what}`)
}
