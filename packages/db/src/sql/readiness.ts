import { z } from 'zod'
import type { Database } from './client.ts'
import { type DatabaseTrouble, describeFailure, troubleOf } from './errors.ts'
import { oneRow } from './rows.ts'

/** The newest migration that this code needs; `schema_version()` returns the database's. */
export const expectedSchemaVersion = '108'

export type Readiness =
  | { ready: true; schemaVersion: string }
  | { ready: false; code: 'MIGRATIONS_PENDING'; schemaVersion: string | null }
  | { ready: false; code: 'DATABASE_UNAVAILABLE'; trouble: DatabaseTrouble; schemaVersion: null }

/**
 * Returns whether this database can serve this code: a newer schema can, since migrations only add, an older one cannot,
 * and neither can one that takes no writes. A database that cannot be reached is an answer, not an error.
 */
export async function checkReadiness(db: Database): Promise<Readiness> {
  try {
    const rows = await db.$queryRaw`
      select schema_version() as version, current_setting('transaction_read_only') = 'on' as read_only`
    const { version, readOnly } = oneRow(z.object({ version: z.string(), readOnly: z.boolean() }), rows)
    if (readOnly)
      return { ready: false, code: 'DATABASE_UNAVAILABLE', trouble: 'READ_ONLY', schemaVersion: null }
    return Number.parseInt(version, 10) >= Number.parseInt(expectedSchemaVersion, 10)
      ? { ready: true, schemaVersion: version }
      : { ready: false, code: 'MIGRATIONS_PENDING', schemaVersion: version }
  } catch (error) {
    const { kind } = describeFailure(error)
    if (kind === 'not-migrated') return { ready: false, code: 'MIGRATIONS_PENDING', schemaVersion: null }
    if (kind !== 'constraint' && kind !== 'other')
      return { ready: false, code: 'DATABASE_UNAVAILABLE', trouble: troubleOf(error), schemaVersion: null }
    throw error
  }
}
