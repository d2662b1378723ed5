import { productSchemas } from '@vetcita/catalogue/catalogue'
import type { Difference } from '@vetcita/catalogue/compare'
import type { Expected } from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import { tablesNeverAnalyzed } from '@vetcita/catalogue/statistics'
import type pg from 'pg'
import { expectedCatalogue } from '../catalogue/expected.ts'
import { relevantDifferences } from '../catalogue/judge.ts'
import { concurrentIndexStatement, dropIndexStatement, slotIndex } from '../deploy/concurrent-index.ts'
import { makePlan } from '../deploy/plan.ts'
import type { Examination, FixStep } from './diagnosis.ts'

/** Issue 3 of the guide: bookings take over a second, because an index is missing or the statistics are. */
export const slowBookings: Examination = async ({ client, migrations }) => {
  const issue = 'Slow bookings'
  const { applied } = await makePlan(client, migrations, undefined)
  const expected = expectedCatalogue(applied)
  if (expected.catalogue.relations.appointments === undefined)
    return { issue, findings: ['no table is deployed'], advice: 'pnpm ops deploy', fix: [] }
  const found = await readCatalogue(client)
  const problems = relevantDifferences(expected, found).filter(
    (one) => one.kind === 'indexes' && !isOfConstraint(one, expected),
  )
  // The guide's index may be missed before its migration is applied.
  const isPending =
    expected.catalogue.indexes[slotIndex] === undefined &&
    found.indexes[slotIndex] === undefined &&
    expectedCatalogue(migrations).catalogue.indexes[slotIndex] !== undefined
  const never = await tablesNeverAnalyzed(client)
  const stale = (await tablesChangedMuch(client)).filter((name) => !never.includes(name))
  const findings = [
    ...problems.map(({ sentence }) => sentence),
    ...(isPending ? [`index ${slotIndex} is not deployed yet`] : []),
    ...(never.length > 0 ? [`never analyzed, so that the server guesses: ${never.join(', ')}`] : []),
    ...(stale.length > 0 ? [`the statistics are out of date: ${stale.join(', ')}`] : []),
  ]
  return {
    issue,
    findings,
    advice:
      findings.length === 0
        ? 'The indexes exist and the statistics are up to date. "pnpm ops monitor" shows what takes long.'
        : '--fix builds indexes concurrently, which blocks no one, and analyzes tables',
    fix: [
      ...problems.flatMap((problem) => rebuilt(problem, expected)),
      ...(isPending ? [built(slotIndex, concurrentIndexStatement())] : []),
      ...analyzed([
        ...new Set([...never, ...stale, ...(problems.length > 0 ? ['public.appointments'] : [])]),
      ]),
    ],
  }
}

function isOfConstraint({ name }: Difference, { catalogue }: Expected): boolean {
  return Object.keys(catalogue.constraints).some((key) => key.startsWith(`${name} on `))
}

/** Tables of which more than half has changed since they were analyzed. */
async function tablesChangedMuch(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
     where schemaname = any ($1) and n_live_tup > 1000 and n_mod_since_analyze > n_live_tup / 2 order by 1`,
    [productSchemas],
  )
  return rows.map(({ name }) => name)
}

function rebuilt({ name, what }: Difference, expected: Expected): FixStep[] {
  return [
    // "if not exists" would accept an invalid index, or a different one with that name
    ...(what === 'missing' ? [] : [{ does: `dropped the invalid ${name}`, sql: dropIndexStatement(name) }]),
    built(name, concurrentIndexStatement(name, expected)),
  ]
}

function built(name: string, sql: string): FixStep {
  return { does: `built ${name} concurrently`, sql }
}

function analyzed(tables: string[]): FixStep[] {
  return tables.map((name) => ({ does: `analyzed ${name.replace(/^public\./, '')}`, sql: `analyze ${name}` }))
}
