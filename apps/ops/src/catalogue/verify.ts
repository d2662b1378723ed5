import { isDeepStrictEqual } from 'node:util'
import { readCatalogue } from '@vetcita/catalogue/read'
import type pg from 'pg'
import { makePlan } from '../deploy/plan.ts'
import { type Migration, migrationsThrough } from '../migrations.ts'
import type { Check } from '../output.ts'
import { checkApiRole } from './api-role.ts'
import { type DryRun, dryRunCalls } from './calls.ts'
import { checkClosedSchemas } from './closed-schemas.ts'
import { expectedCatalogue, guideFunctions } from './expected.ts'
import { checkHistoryRights } from './history-rights.ts'
import { checkCatalogue, verdict } from './judge.ts'
import { checkOwners } from './owners.ts'

export type Verification = { checks: Check[]; calls: DryRun[] }

/**
 * Checks a database by the success criteria of the guide and the contract: everything that these migrations make must
 * exist unchanged, and the functions must answer.
 *
 * @param through the last migration that should be deployed; all if undefined
 */
export async function verifyDatabase(
  client: pg.Client,
  migrations: readonly Migration[],
  through: string | undefined,
): Promise<Verification> {
  const closed = await checkClosedSchemas(client)
  if (closed.verdict === 'failed') return { checks: [closed], calls: [] }
  const wanted = migrationsThrough(migrations, through)
  const plan = await makePlan(client, migrations, through)
  // migrations beyond `through` may have changed a function, so they are taken into account
  const all = await makePlan(client, migrations, undefined)
  const expected = expectedCatalogue(
    migrations.filter((migration) => wanted.includes(migration) || all.applied.includes(migration)),
  )
  const calls = await dryRunCalls(
    client,
    guideFunctions.filter((name) => expected.catalogue.functions[name] !== undefined),
  )
  return {
    calls,
    checks: [
      closed,
      verdict('All migrations applied without errors', [
        ...plan.unfinished.map((row) => `${row.migration_name} was not finished`),
        ...plan.pending
          .filter(({ name }) => !plan.unfinished.some((row) => row.migration_name === name))
          .map(({ name }) => `${name} is not applied`),
        ...plan.edited.map(({ name }) => `${name} was changed after it was applied`),
      ]),
      ...checkCatalogue(expected, await readCatalogue(client)),
      await checkHistoryRights(client),
      await checkOwners(client, expected),
      ...(await checkApiRole(client, expected)),
      verdict('Test function calls return JSON (not errors)', calls.flatMap(callProblem)),
    ],
  }
}

function callProblem({ name, expected, answer, error, sqlState }: DryRun): string[] {
  if (error !== null) return [`${name}: ${error.split('\n')[0]} (${sqlState ?? 'no SQLSTATE'})`]
  const parsed: unknown = answer === null ? null : JSON.parse(answer)
  return isDeepStrictEqual(parsed, expected) ? [] : [`${name} answers ${answer ?? 'null'}`]
}
