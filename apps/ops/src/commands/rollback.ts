import { Argument, Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { runCommand } from '../command.ts'
import { databaseMessage, describeTarget, readTarget, withClient } from '../database.ts'
import { recordedDown, reloadSchema } from '../deploy/compose.ts'
import { retryOnLock, withMigrateLock } from '../deploy/locks.ts'
import { runByNode } from '../deploy/node-runner.ts'
import { makePlan, type Plan } from '../deploy/plan.ts'
import { Failure } from '../failure.ts'
import { findMigration, type Migration, readMigrations } from '../migrations.ts'
import { wholeNumber } from '../options.ts'
import type { Output } from '../output.ts'
import { dataLoss, lossGuard } from '../rollback/data-loss.ts'
import { withDependents } from '../rollback/dependents.ts'

/** The migration guide's three. */
const guideNumbers = ['088', '089', '090']

export const rollbackCommand = new Command('rollback')
  .description('roll migrations back, newest first, without losing an appointment, cart or profile')
  .addArgument(new Argument('<migration>', '090, 089, 088, another number, or "all" for the three'))
  .option('--with-dependents', 'also roll back the later migrations that need these')
  .option('--dry-run', 'print the SQL, change nothing')
  .option('--lock-timeout <ms>', 'how long a statement may wait for a lock', wholeNumber(10, 60_000), 500)
  .option('--attempts <count>', 'how often to retry if tables are in use', wholeNumber(1, 1000), 30)
  .option('--json', 'print one JSON document')
  .action(async (wanted, options) => {
    await runCommand(options, async (out) => {
      const target = readTarget()
      const migrations = readMigrations()
      const numbers = wanted === 'all' ? guideNumbers : [wanted]
      const chosen = numbers.map((number) => findMigration(migrations, number))
      const patience = { lockTimeoutMs: options.lockTimeout, attempts: options.attempts }
      return await withClient(target, async (client) =>
        withMigrateLock(client, async () => {
          const plan = await makePlan(client, migrations, undefined)
          const going = order(chosen, plan, options.withDependents === true)
          await refuseLoss(client, going)
          const steps = going.map((migration) => ({
            name: migration.name,
            sql: recordedDown(migration, downOf(migration), patience.lockTimeoutMs, lossGuard(migration)),
          }))
          if (options.dryRun) {
            for (const { sql } of steps) out.say(sql)
            return { ok: true, dryRun: true, steps }
          }
          if (steps.length === 0) out.say('Nothing to do: none of these is applied.')
          else out.note(`Rolling back on ${describeTarget(target)}`)
          for (const step of steps) await rollBack(client, step, patience, out)
          if (steps.length > 0) await client.query(reloadSchema)
          return { ok: true, rolledBack: steps.map(({ name }) => name) }
        }),
      )
    })
  })

function order(chosen: readonly Migration[], plan: Plan, withRest: boolean): Migration[] {
  const applied = chosen.filter((migration) => plan.applied.includes(migration))
  const going = withDependents(applied, plan.applied)
  const uninvited = going.filter((migration) => !chosen.includes(migration))
  if (uninvited.length > 0 && !withRest)
    throw new Failure(
      `${applied.map(({ number }) => number).join(', ')} cannot be rolled back while these need it: ${uninvited.map(({ name }) => name).join(', ')}. Nothing was changed.`,
      'Roll them back first, newest first, or everything with --with-dependents.',
    )
  return going
}

/** @throws Failure if a down.sql would drop anything that holds data, before any is run */
async function refuseLoss(client: pg.Client, going: readonly Migration[]): Promise<void> {
  for (const migration of going) {
    const losses = await dataLoss(client, migration)
    if (losses.length > 0)
      throw new Failure(
        `Rolling ${migration.name} back would lose data: ${losses.join(', ')}. Nothing was changed.`,
        'A backup and psql can do that: see the runbook, "Full restore".',
      )
  }
}

function downOf({ name, down }: Migration): string {
  if (down === undefined) throw new Failure(`${name} has no down.sql.`)
  return down
}

async function rollBack(
  client: pg.Client,
  { name, sql }: { name: string; sql: string },
  patience: { lockTimeoutMs: number; attempts: number },
  out: Output,
): Promise<void> {
  out.say(`Rolling back ${name}...`)
  try {
    await out.progress(name, () =>
      retryOnLock(
        client,
        patience,
        () => runByNode(client, sql, (notice) => out.say(notice)),
        (attempt) => out.note(`${name}: the tables are in use; trying again (attempt ${attempt}).`),
      ),
    )
  } catch (error) {
    const hint = error instanceof Failure ? error.hint : undefined
    throw new Failure(`❌ ${name} could not be rolled back: ${databaseMessage(error)}`, hint)
  }
  out.say(`✅ ${name} rolled back`)
}
