import { readClocks } from '../catalogue/clocks.ts'
import type { Examination } from './diagnosis.ts'

/** Server and Node.js have separate time zone data, and governments change the rules at short notice. */
export const clocks: Examination = async ({ client }) => {
  const findings = (await readClocks(client)).map(({ sentence }) => sentence)
  return {
    issue: 'Clocks',
    findings,
    advice:
      findings.length === 0
        ? 'The server and Node.js agree about the zones of the clinics for the coming year.'
        : "The server's decide what is open and shown. Update whichever is wrong: the server's PostgreSQL or tzdata package (then restart it), or Node.js.",
    fix: [],
  }
}
