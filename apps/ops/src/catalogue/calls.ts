import type pg from 'pg'
import { databaseMessage, rolledBack, sqlStateOf } from '../database.ts'

/** A dry-run call of the migration guide, and its result. */
export type DryRun = {
  name: string
  expected: object
  /** the JSON as PostgreSQL prints it */
  answer: string | null
  error: string | null
  sqlState: string | null
}

const calls: readonly { name: string; sql: string; expected: object }[] = [
  {
    name: 'book_appointment_atomic',
    sql: `select book_appointment_atomic('test_tenant', gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
      now() + interval '1 day', 30, 'Test booking', null, null)::text as answer`,
    expected: { error: 'PET_NOT_FOUND', success: false, message: 'Mascota no encontrada' },
  },
  {
    name: 'reschedule_appointment_atomic',
    sql: `select reschedule_appointment_atomic(gen_random_uuid(), now() + interval '2 days', gen_random_uuid(), false)::text as answer`,
    expected: { error: 'NOT_FOUND', success: false, message: 'Cita no encontrada' },
  },
  {
    name: 'merge_cart_atomic',
    sql: `select merge_cart_atomic(gen_random_uuid(), 'test_tenant', '[]'::jsonb)::text as answer`,
    expected: { items: [], success: true, item_count: 0 },
  },
]

/** Runs the guide's calls with made-up ids, each in a transaction that is rolled back. */
export async function dryRunCalls(client: pg.Client, names: readonly string[]): Promise<DryRun[]> {
  const runs: DryRun[] = []
  for (const { name, sql, expected } of calls) {
    if (!names.includes(name)) continue
    try {
      const { rows } = await rolledBack(client, () => client.query<{ answer: string | null }>(sql))
      runs.push({ name, expected, answer: rows[0]?.answer ?? null, error: null, sqlState: null })
    } catch (error) {
      const sqlState = sqlStateOf(error) ?? null
      runs.push({ name, expected, answer: null, error: databaseMessage(error), sqlState })
    }
  }
  return runs
}
