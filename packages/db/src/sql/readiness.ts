import { z } from 'zod'
import type { Database } from './client.ts'
import { describeFailure } from './errors.ts'

/** The last migration that this code was written for; the database answers `schema_version()` with its own. */
export const expectedSchemaVersion = '105'

export type Readiness =
  | { ready: true; schemaVersion: string }
  | { ready: false; code: 'DATABASE_UNAVAILABLE' | 'MIGRATIONS_PENDING'; schemaVersion: string | null }

/**
 * Can this database serve this code? A newer schema can (migrations only add), an older one cannot.
 * Never throws for a database that is away.
 */
export async function checkReadiness(db: Database): Promise<Readiness> {
  try {
    const rows = await db.$queryRaw`select schema_version() as version`
    const [{ version }] = z.tuple([z.object({ version: z.string() })]).parse(rows)
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
