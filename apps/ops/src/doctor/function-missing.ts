import { type Expected, expectedCatalogue } from '../catalogue/expected.ts'
import { type LiveFunction, readFunctions } from '../catalogue/functions.ts'
import { signatures } from '../catalogue/signatures.ts'
import { runByNode } from '../deploy/node-runner.ts'
import { makePlan } from '../deploy/plan.ts'
import type { Migration } from '../migrations.ts'
import type { Examination, Patient } from './diagnosis.ts'

/** 088 to 090 may run again at any time; later files may not. */
const repeatable = new Set([88, 89, 90])

/** Issue 1 of the guide: a call fails with 42883, "function does not exist", or with 42501, "permission denied". */
export const functionMissing: Examination = async (patient) => {
  const { client, migrations } = patient
  const { applied, pending } = await makePlan(client, migrations, undefined)
  const live = await readFunctions(client)
  const expected = expectedCatalogue(migrations)
  const wanted = Object.keys(signatures).flatMap((name) => expected.functions.get(name) ?? [])
  const missing = wanted.filter(({ name }) => !live.some((f) => f.name === name))
  const rights = live.flatMap((f) => wrongRights(f, expected))
  const lost = missing.filter(({ migration }) => applied.some(({ number }) => number === migration))
  const waiting = pending.filter(({ number }) => missing.some(({ migration }) => migration === number))
  const mendable = lost.filter(({ migration }) => repeatable.has(Number(migration)))
  const findings = [
    ...missing.map(({ name, migration }) => `${name} of ${migration} does not exist: calls fail with 42883`),
    ...rights.map(({ finding }) => finding),
  ]
  if (findings.length === 0)
    return {
      issue: 'Function does not exist (42883)',
      findings,
      advice: 'Every function is there and may be called.',
    }
  const advice = [
    ...(waiting.length > 0
      ? [`pnpm ops deploy (pending: ${waiting.map(({ name }) => name).join(', ')})`]
      : []),
    ...(mendable.length > 0 ? ['--fix runs the migration again'] : []),
    ...(lost.length > mendable.length ? ['pnpm ops rollback <number>, then pnpm ops deploy'] : []),
    ...(rights.length > 0 ? ['--fix grants and revokes'] : []),
  ].join('; ')
  if (mendable.length === 0 && rights.length === 0)
    return { issue: 'Function does not exist (42883)', findings, advice }
  const files = applied.filter(({ number }) => mendable.some(({ migration }) => migration === number))
  return {
    issue: 'Function does not exist (42883)',
    findings,
    advice,
    fix: () => mend(patient, files, rights),
  }
}

type WrongRight = { finding: string; sql: string }

function wrongRights(f: LiveFunction, expected: Expected): WrongRight[] {
  const wanted = expected.functions.get(f.name)
  if (wanted === undefined || signatures[f.name] === undefined) return []
  const named = `public.${f.name}(${f.arguments.replace(/ DEFAULT [^,]+/g, '')})`
  const lacking = [...wanted.roles].filter((role) => !f.roles.includes(role))
  const tooMany = f.roles.filter((role) => ['public', 'anon'].includes(role) && !wanted.roles.has(role))
  return [
    ...lacking.map((role) => ({
      finding: `${role} may not execute ${f.name}: calls fail with 42501`,
      sql: `grant execute on function ${named} to ${role}`,
    })),
    ...tooMany.map((role) => ({
      finding: `${role === 'public' ? 'PUBLIC' : role} may execute ${f.name}`,
      sql: `revoke execute on function ${named} from ${role}`,
    })),
  ]
}

async function mend(
  { client }: Patient,
  files: readonly Migration[],
  rights: readonly WrongRight[],
): Promise<string[]> {
  const done: string[] = []
  await client.query(`set lock_timeout = '500ms'`)
  for (const { name, sql } of files) {
    await runByNode(client, sql, () => {})
    done.push(`ran ${name} again`)
  }
  for (const { sql } of rights) {
    await client.query(sql)
    done.push(sql)
  }
  await client.query('reset lock_timeout')
  return done
}
