import { openSchemas as problemsOf } from '../catalogue/closed-schemas.ts'
import type { Examination } from './diagnosis.ts'

/** Not of the guide: others can make objects that the functions take for PostgreSQL's own, and so act as their owner. */
export const openSchemas: Examination = async ({ client }) => {
  const findings = await problemsOf(client)
  return {
    issue: 'Schemas open to others',
    findings,
    advice:
      findings.length === 0
        ? "Only the owner can create objects in the functions' schemas."
        : "Run what stands behind each, as the schema's or the object's owner. Nothing else was examined.",
    fix: [],
  }
}
