import { readCatalogue } from '@vetcita/catalogue/read'
import { expectedCatalogue } from '../catalogue/expected.ts'
import { problemWith } from '../catalogue/judge.ts'
import { concurrentIndexStatement, dropIndexStatement, slotIndex } from '../deploy/concurrent-index.ts'
import type { Examination, FixStep } from './diagnosis.ts'

/** Issue 3 of the guide: bookings take over a second, because the index is missing or the statistics are old. */
export const slowBookings: Examination = async ({ client, migrations }) => {
  const expected = expectedCatalogue(migrations)
  const problem = problemWith('indexes', slotIndex, expected, await readCatalogue(client))
  const { rows } = await client.query<{ rows: number; changed: number; analyzed: boolean }>(
    `select n_live_tup::int as rows, n_mod_since_analyze::int as changed,
       coalesce(last_analyze, last_autoanalyze) is not null as analyzed
     from pg_stat_user_tables where relid = to_regclass('public.appointments')`,
  )
  const [table] = rows
  if (table === undefined)
    return {
      issue: 'Slow bookings',
      findings: ['table appointments is missing'],
      advice: 'pnpm ops deploy',
      fix: [],
    }
  const stale = table.rows > 1_000 && (!table.analyzed || table.changed > table.rows / 2)
  const findings = [
    ...(problem === null ? [] : [problem]),
    ...(stale ? ['the statistics of appointments are out of date'] : []),
  ]
  return findings.length === 0
    ? {
        issue: 'Slow bookings',
        findings,
        advice: `${slotIndex} exists and the statistics are up to date. "pnpm ops monitor" shows what takes long.`,
        fix: [],
      }
    : {
        issue: 'Slow bookings',
        findings,
        advice: '--fix builds the index concurrently, which blocks no one, and analyzes the table',
        fix: repair(problem),
      }
}

function repair(problem: string | null): FixStep[] {
  const analyze = { does: 'analyzed appointments', sql: 'analyze public.appointments' }
  if (problem === null) return [analyze]
  return [
    // "if not exists" would accept an invalid index, or a different one with that name
    ...(/is missing/.test(problem)
      ? []
      : [{ does: `dropped the invalid ${slotIndex}`, sql: dropIndexStatement }]),
    { does: `built ${slotIndex} concurrently`, sql: concurrentIndexStatement() },
    analyze,
  ]
}
