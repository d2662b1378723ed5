import { z } from 'zod'
import type { Database } from './client.ts'
import { describeFailure } from './errors.ts'
import { oneRow } from './rows.ts'

/** The newest migration that this code needs; `schema_version()` returns the database's. */
export const expectedSchemaVersion = '105'

export type Readiness =
  | { ready: true; schemaVersion: string }
  | { ready: false; code: 'DATABASE_UNAVAILABLE' | 'MIGRATIONS_PENDING'; schemaVersion: string | null }

/**
 * Returns whether this database can serve this code: a newer schema can, since migrations only add, an older one cannot.
 * A database that cannot be reached is an answer, not an error.
 */
export async function checkReadiness(db: Database): Promise<Readiness> {
  try {
    const rows = await db.$queryRaw`select schema_version() as version`
    const { version } = oneRow(z.object({ version: z.string() }), rows)
    return Number.parseInt(version, 10) >= Number.parseInt(expectedSchemaVersion, 10)
      ? { ready: true, schemaVersion: version }
      : { ready: false, code: 'MIGRATIONS_PENDING', schemaVersion: version }
  } catch (error) {
    const { kind } = describeFailure(error)
    if (kind === 'not-migrated') return { ready: false, code: 'MIGRATIONS_PENDING', schemaVersion: null }
    if (kind === 'unreachable' || kind === 'busy') {
      return { ready: false, code: 'DATABASE_UNAVAILABLE', schemaVersion: null }
    }
    throw error
  }
}
