import { writeFile } from 'node:fs/promises'
import { Command, Option } from '@commander-js/extra-typings'
import { missingApiGrants } from '../catalogue/api-role.ts'
import { expectedCatalogue } from '../catalogue/expected.ts'
import { copyToClipboard } from '../clipboard.ts'
import { runCommand } from '../command.ts'
import { describeTarget, readTarget, withClient } from '../database.ts'
import { editorScript, recordedMigration } from '../deploy/compose.ts'
import { concurrentIndexStatement, slotIndex } from '../deploy/concurrent-index.ts'
import { deploy, indexGoesFirst } from '../deploy/deploy.ts'
import { makePlan, refuseWhatIsInTheWay } from '../deploy/plan.ts'
import { migrationsThrough, readMigrations } from '../migrations.ts'
import { wholeNumber } from '../options.ts'
import type { Output } from '../output.ts'

export const deployCommand = new Command('deploy')
  .description('apply pending migrations, in the order of their numbers')
  .addOption(
    new Option('--method <way>', 'how the SQL reaches the database')
      .choices(['prisma', 'psql', 'node', 'editor'] as const)
      .default('prisma' as const),
  )
  .option('--through <number>', 'stop after this migration, as in --through 090')
  .option('--dry-run', 'print the SQL, change nothing')
  .option(
    '--concurrently',
    'build the index without blocking writers (the default for more than 20,000 appointments)',
  )
  .option('--no-concurrently', 'build the index inside its migration, whatever the size of the table')
  .option('--lock-timeout <ms>', 'how long a statement may wait for a lock', wholeNumber(10, 60_000), 500)
  .option(
    '--attempts <count>',
    'how often to retry a migration if tables are in use',
    wholeNumber(1, 1000),
    30,
  )
  .option('--copy', 'editor: copy the script to the clipboard instead of printing it')
  .option('--output <file>', 'editor: write the script to a file instead of printing it')
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const { through, method } = options
      const patience = { lockTimeoutMs: options.lockTimeout, attempts: options.attempts }
      if (method === 'editor') return await forEditor(options, out)
      const target = readTarget()
      if (options.dryRun) {
        const migrations = readMigrations()
        const pending = await withClient(target, async (client) => {
          const plan = await makePlan(client, migrations, through)
          await refuseWhatIsInTheWay(client, plan, migrations)
          const first = await indexGoesFirst(client, plan, options.concurrently)
          return [
            ...(first ? [{ name: slotIndex, sql: concurrentIndexStatement() }] : []),
            ...plan.pending.map((migration) => ({
              name: migration.name,
              sql: recordedMigration(migration, patience.lockTimeoutMs),
            })),
          ]
        })
        for (const { sql } of pending) out.say(sql)
        return { ok: true, dryRun: true, pending }
      }
      out.note(`Deploying to ${describeTarget(target)} by ${method}`)
      const applied = await deploy(
        target,
        { ...patience, method, through, concurrently: options.concurrently },
        out,
      )
      const until = through === undefined ? '' : ` through ${through}`
      if (applied.length === 0) out.say(`Nothing to do: all migrations${until} are already applied.`)
      else {
        out.say()
        out.say('✅ All migrations applied successfully')
        for (const { name, ms } of applied)
          if (name.includes('overlap_constraint'))
            out.say(`${name} held an exclusive lock on appointments for ${ms} ms at most.`)
      }
      const expected = expectedCatalogue(migrationsThrough(readMigrations(), through))
      const { login, functions: closed } = (await withClient(target, (client) =>
        missingApiGrants(client, expected),
      )) ?? { login: '', functions: [] }
      if (closed.length > 0)
        out.note(
          `${login} may not execute ${closed.map(({ name }) => name).join(', ')} yet: pnpm ops api-role`,
        )
      return { ok: true, method, applied, apiMayNotExecute: closed.map(({ name }) => name) }
    })
  })

type EditorOptions = {
  through?: string | undefined
  lockTimeout: number
  dryRun?: true | undefined
  concurrently?: boolean | undefined
  copy?: true | undefined
  output?: string | undefined
}

async function forEditor(options: EditorOptions, out: Output) {
  const migrations = readMigrations()
  const script = options.concurrently
    ? `-- Run this statement alone, then paste the script that --method editor prints without --concurrently.\n${concurrentIndexStatement()}\n`
    : editorScript(migrationsThrough(migrations, options.through), options.lockTimeout)
  if (options.output !== undefined && !options.dryRun) {
    await writeFile(options.output, script)
    out.say(`Wrote ${options.output}: paste it into the SQL editor and run it.`)
  } else if (options.copy && !options.dryRun) {
    await copyToClipboard(script)
    out.say('Copied: paste it into the SQL editor and run it.')
  } else out.say(script)
  return { ok: true, method: 'editor', script }
}
