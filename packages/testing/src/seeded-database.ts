import { apiRole } from '@vetcita/postgres'
import pg from 'pg'
import { adminUrl } from './admin-url.ts'
import { apiPassword, apiTemplate } from './api-template.ts'
import { type ScratchDatabase, scratchDatabase } from './scratch.ts'
import { seedClinics } from './seeded-clinics.ts'

/**
 * Clones the API's template and seeds the clinics; the caller closes `admin`, a superuser's connection, and drops the
 * database. `apiUrl` is the address at which the API logs in.
 */
export async function seededDatabase(): Promise<{
  scratch: ScratchDatabase
  admin: pg.Client
  apiUrl: string
}> {
  const scratch = await scratchDatabase(adminUrl(), await apiTemplate(adminUrl()))
  const admin = new pg.Client({ connectionString: scratch.url })
  await admin.connect()
  await seedClinics(admin)
  return { scratch, admin, apiUrl: scratch.urlAs(apiRole, apiPassword) }
}
