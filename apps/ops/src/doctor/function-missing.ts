import { apiFunctions, apiRole, missingApiGrants } from '../catalogue/api-role.ts'
import {
  calledFunctions,
  type Expected,
  type ExpectedFunction,
  expectedCatalogue,
  judgedRoles,
  ownSchemas,
} from '../catalogue/expected.ts'
import { type LiveFunction, named, readFunctions, tooMany } from '../catalogue/functions.ts'
import { makePlan } from '../deploy/plan.ts'
import type { Examination, FixStep } from './diagnosis.ts'

const issue = 'Function does not exist (42883)'

/** Issue 1 of the guide: a call fails with 42883, "function does not exist", or with 42501, "permission denied". */
export const functionMissing: Examination = async ({ client, migrations }) => {
  const { applied, pending } = await makePlan(client, migrations, undefined)
  const expected = expectedCatalogue(applied)
  const everything = expectedCatalogue(migrations)
  const live = await readFunctions(client, ownSchemas(everything))
  const isMissing = ({ name }: ExpectedFunction) => !live.some((f) => f.name === name)
  const lost = [...expected.functions.values()].filter(isMissing)
  const called = calledFunctions(everything).flatMap((name) => everything.functions.get(name) ?? [])
  const waiting = called.filter((wanted) => isMissing(wanted) && !expected.functions.has(wanted.name))
  const files = pending.filter(({ number }) => waiting.some(({ migration }) => migration === number))
  const apiGrants = await missingApiGrants(client, expected)
  const rights = [
    ...live.flatMap((f) => wrongRights(f, expected)),
    ...(apiGrants ?? []).map(({ name, signature }) => ({
      finding: `${apiRole} may not execute ${name}: the API's calls fail with 42501`,
      ...step(`grant execute on function ${signature} to ${apiRole}`),
    })),
  ]
  const findings = [
    ...[...lost, ...waiting].map(
      ({ name, migration }) => `${name} of ${migration} does not exist: calls fail with 42883`,
    ),
    ...rights.map(({ finding }) => finding),
  ]
  const advice =
    findings.length === 0
      ? 'Every function is there and may be called.'
      : [
          ...(files.length > 0
            ? [`pnpm ops deploy (pending: ${files.map(({ name }) => name).join(', ')})`]
            : []),
          ...(lost.length > 0 ? ['--fix makes the function again, from its migration'] : []),
          ...(rights.length > 0 ? ['--fix grants and revokes'] : []),
        ].join('; ')
  return {
    issue,
    findings,
    advice,
    fix: [...lost.map((wanted) => madeAgain(wanted, apiGrants !== null)), ...rights],
  }
}

function wrongRights(f: LiveFunction, expected: Expected): (FixStep & { finding: string })[] {
  const wanted = expected.functions.get(f.name)
  if (wanted === undefined) return []
  return [
    ...[...wanted.roles]
      .filter((role) => !f.roles.includes(role))
      .map((role) => ({
        finding: `${role} may not execute ${f.name}: calls fail with 42501`,
        ...step(`grant execute on function ${f.signature} to ${role}`),
      })),
    ...tooMany(f, wanted).map((role) => ({
      finding: `${named(role)} may execute ${f.name}`,
      ...step(`revoke execute on function ${f.signature} from ${role}`),
    })),
  ]
}

function step(sql: string): FixStep {
  return { does: sql, sql: transaction([sql]) }
}

/** A function that was dropped by hand, as the newest migration makes it, with its comment and its rights. */
function madeAgain(wanted: ExpectedFunction, apiRoleIsHere: boolean): FixStep {
  const { name, types, migration, statement, comment, roles } = wanted
  const signature = `${name}(${types.join(', ')})`
  const granted = [...roles, ...(apiRoleIsHere && apiFunctions().includes(name) ? [apiRole] : [])]
  return {
    does: `made ${name} again, as ${migration} has it`,
    sql: transaction([
      statement,
      ...(comment === undefined ? [] : [comment]),
      `revoke execute on function ${signature} from ${judgedRoles.join(', ')}`,
      ...(granted.length === 0 ? [] : [`grant execute on function ${signature} to ${granted.join(', ')}`]),
    ]),
  }
}

function transaction(statements: readonly string[]): string {
  return [
    'begin',
    "set local lock_timeout = '500ms'",
    'set local search_path = public, pg_temp',
    ...statements.map((statement) => statement.replace(/;\s*$/, '')),
    'commit',
  ]
    .map((statement) => `${statement};\n`)
    .join('')
}
