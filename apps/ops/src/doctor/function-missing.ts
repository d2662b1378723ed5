import { bySignature, type Difference } from '@vetcita/catalogue/compare'
import type { Expected } from '@vetcita/catalogue/manifest'
import { readCatalogue } from '@vetcita/catalogue/read'
import { isForApi, missingApiGrants } from '../catalogue/api-role.ts'
import { calledFunctions, expectedCatalogue } from '../catalogue/expected.ts'
import { relevantDifferences } from '../catalogue/judge.ts'
import { overloadSentence, overloadsAmong, qualified } from '../catalogue/overloads.ts'
import { makePlan } from '../deploy/plan.ts'
import { Failure } from '../failure.ts'
import { type Migration, sourceOf } from '../migrations.ts'
import type { Examination, FixStep } from './diagnosis.ts'

/** Issue 1 of the guide: a call fails with 42883, "function does not exist", or with 42501, "permission denied". */
export const functionMissing: Examination = async ({ client, migrations }) => {
  const { applied, pending } = await makePlan(client, migrations, undefined)
  const expected = expectedCatalogue(applied)
  const everything = expectedCatalogue(migrations)
  const found = bySignature(everything.catalogue, await readCatalogue(client))
  const overloads = overloadsAmong(found, pending)
  const ofFunctions = relevantDifferences(expected, found).filter(({ kind }) => kind === 'functions')
  const lost = ofFunctions.flatMap(({ what, name }) => (what === 'missing' ? [name] : []))
  const waiting = calledFunctions(everything).filter(
    (name) => found.functions[name] === undefined && expected.catalogue.functions[name] === undefined,
  )
  const originOf = (name: string) => everything.origin('functions', name) ?? ''
  const files = pending.filter(({ number }) => waiting.some((name) => originOf(name) === number))
  const apiGrants = await missingApiGrants(client, expected)
  const rights = [
    ...ofFunctions.flatMap((difference) => rightsStep(difference, expected)),
    ...(apiGrants?.functions ?? []).map(({ name, signature }) => ({
      finding: `${apiGrants?.login} may not execute ${name}: the API's calls fail with 42501`,
      ...step(`grant execute on function ${signature} to ${apiGrants?.login}`),
    })),
  ]
  const findings = [
    ...[...lost, ...waiting].map(
      (name) =>
        `${name} of ${expected.origin('functions', name) ?? originOf(name)} does not exist: calls fail with 42883`,
    ),
    ...rights.map(({ finding }) => finding),
    ...overloads.map(overloadSentence),
  ]
  const advice =
    findings.length === 0
      ? 'Every function exists and may be called.'
      : [
          ...(files.length > 0
            ? [`pnpm ops deploy (pending: ${files.map(({ name }) => name).join(', ')})`]
            : []),
          ...(lost.length > 0 ? ['--fix creates the function again from its migration'] : []),
          ...(rights.length > 0 ? ['--fix grants and revokes'] : []),
          ...overloads.map(({ drop }) => `if nothing needs it: ${drop}`),
        ].join('; ')
  return {
    issue: 'Function does not exist (42883)',
    findings,
    advice,
    fix: [...lost.map((name) => createAgain(name, expected, applied, apiGrants?.login)), ...rights],
  }
}

function rightsStep(
  { name, right, sentence }: Difference,
  expected: Expected,
): (FixStep & { finding: string })[] {
  if (right === undefined) return []
  const { role, granted } = right
  const signature = signatureOf(name, expected)
  return [
    granted
      ? { finding: sentence, ...step(`revoke execute on function ${signature} from ${role}`) }
      : {
          finding: `${sentence}: calls fail with 42501`,
          ...step(`grant execute on function ${signature} to ${role}`),
        },
  ]
}

function step(sql: string): FixStep {
  return { does: sql, sql: transaction(`${sql};\n`) }
}

/** A function's whole signature, by the manifest: another one of its name is not ours to grant on. */
function signatureOf(name: string, { catalogue }: Expected): string {
  return qualified(`${name}(${catalogue.functions[name]?.types ?? ''})`)
}

/** Creates a function that was dropped by hand, with its comment and rights, from the newest applied migration. */
function createAgain(
  name: string,
  expected: Expected,
  applied: readonly Migration[],
  apiLogin: string | undefined,
): FixStep {
  const number = expected.origin('functions', name) ?? ''
  const migration = applied.find((one) => one.number === number)
  const source = migration && sourceOf(migration, name)
  if (source === undefined) throw new Failure(`No applied migration has the text of ${name}.`)
  const grant =
    apiLogin !== undefined && isForApi(name)
      ? `grant execute on function ${signatureOf(name, expected)} to ${apiLogin};\n`
      : ''
  return { does: `created ${name} again, as in ${number}`, sql: transaction(`${source}${grant}`) }
}

function transaction(statements: string): string {
  return `begin;\nset local lock_timeout = '500ms';\nset local search_path = public, pg_temp;\n${statements}commit;\n`
}
