import { Command, Option } from '@commander-js/extra-typings'
import type pg from 'pg'
import { showGuideTables } from '../catalogue/guide.ts'
import { type Verification, verifyDatabase } from '../catalogue/verify.ts'
import { runCommand } from '../command.ts'
import { readTarget, sqlStateOf, withClient } from '../database.ts'
import { type Migration, readMigrations } from '../migrations.ts'
import { redFlags } from '../monitor/flags.ts'
import { takeSample } from '../monitor/sample.ts'
import { duration } from '../options.ts'
import type { Output } from '../output.ts'
import { repeatedly } from '../watching.ts'

export const verifyCommand = new Command('verify')
  .description(
    'check functions, rights, index, constraint, policies and answers; exit 1 if anything is wrong',
  )
  .option('--through <number>', 'the last migration that was deployed, as in --through 090')
  .option('--watch <time>', 'keep checking after a deploy, as in --watch 15m', duration)
  .addOption(
    new Option('--every <time>', 'how often, with --watch').argParser(duration).default(10_000, '10s'),
  )
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const migrations = readMigrations()
      return await withClient(readTarget(), async (client) => {
        const tables = await showGuideTables(client, out)
        const first = await out.progress('Checking', () =>
          verifyDatabase(client, migrations, options.through),
        )
        show(first, out)
        const rounds =
          options.watch === undefined
            ? []
            : await watch(client, migrations, { ...options, watch: options.watch }, out)
        const failures = [...failed(first), ...rounds.flatMap(({ problems }) => problems)]
        return { ok: failures.length === 0, checks: first.checks, calls: first.calls, tables, rounds }
      })
    })
  })

function show({ checks, calls }: Verification, out: Output): void {
  out.heading('Dry-run calls')
  for (const { name, answer, error } of calls) out.say(`${name}\n  ${error ?? answer}`)
  out.say()
  out.heading('Success criteria')
  for (const check of checks) out.check(check)
}

function failed({ checks }: Verification): string[] {
  return checks.filter(({ verdict }) => verdict === 'failed').map(({ name, detail }) => `${name}: ${detail}`)
}

/**
 * If an object is dropped while the catalogue is being read, the server fails with XX000 ("cache lookup failed"). A second
 * read finds it missing, and reports that.
 */
async function lookAgain<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (error) {
    if (sqlStateOf(error) !== 'XX000') throw error
    return await look()
  }
}

type Round = { at: string; problems: string[] }

async function watch(
  client: pg.Client,
  migrations: readonly Migration[],
  options: { through?: string | undefined; watch: number; every: number },
  out: Output,
): Promise<Round[]> {
  const rounds: Round[] = []
  const before = await takeSample(client)
  out.say()
  await repeatedly(options.watch, options.every, async () => {
    const verification = await lookAgain(() => verifyDatabase(client, migrations, options.through))
    const sample = await takeSample(client)
    const problems = [...failed(verification), ...redFlags(sample, before)]
    rounds.push({ at: sample.at, problems })
    const calls = sample.functions.reduce((sum, { calls: count }) => sum + (count ?? 0), 0)
    const earlier = before.functions.reduce((sum, { calls: count }) => sum + (count ?? 0), 0)
    const rollbacks = sample.database.rollbacks - before.database.rollbacks
    out.check({
      name: `${sample.at}  ${calls - earlier} calls, ${rollbacks} rollbacks, ${sample.waits.length} waiting`,
      verdict: problems.length === 0 ? 'ok' : 'failed',
      ...(problems.length === 0 ? {} : { detail: problems.join('; ') }),
    })
  })
  return rounds
}
