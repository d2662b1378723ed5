import { performance } from 'node:perf_hooks'
import { analyzeTables } from '@vetcita/catalogue/statistics'
import type pg from 'pg'
import { expectedCatalogue } from '../catalogue/expected.ts'
import { databaseMessage, type Target, withClient } from '../database.ts'
import { Failure } from '../failure.ts'
import { historyTable, isApplied, readHistory } from '../history.ts'
import { type Migration, readMigrations } from '../migrations.ts'
import type { Output } from '../output.ts'
import { recordedMigration, reloadSchema } from './compose.ts'
import { buildIndexConcurrently, repairInvalidIndexes, slotIndex } from './concurrent-index.ts'
import { type Patience, retryOnLock, ScriptFailure, stateOf, withMigrateLock } from './locks.ts'
import { runByNode } from './node-runner.ts'
import { makePlan, type Plan, refuseWhatIsInTheWay } from './plan.ts'
import { runByPrisma } from './prisma-runner.ts'
import { runByPsql } from './psql-runner.ts'
import { settleUnfinished } from './recover.ts'

/** How this program applies migrations. With `editor` a person applies them: see editorScript. */
export type Method = 'prisma' | 'psql' | 'node'

export type Deployment = Patience & {
  method: Method
  through: string | undefined
  /** Build the index without blocking writers; if undefined, only if the table is big. */
  concurrently: boolean | undefined
}

/** Building the index inside the migration blocks writers for half a second per this many rows, at worst. */
const bigTable = 20_000

/** A migration that was applied, and how long its transaction took: it held no lock longer. */
export type Applied = { name: string; ms: number }

/**
 * Applies pending migrations in the order of their numbers, each in one transaction with its row of the history. (Prisma
 * writes that row separately; if it is killed, the next deploy resolves the unfinished row.)
 *
 * @throws Failure if one fails; those before it stay applied
 */
export async function deploy(target: Target, wanted: Deployment, out: Output): Promise<Applied[]> {
  const migrations = readMigrations()
  return await withClient(target, async (client) => {
    const prepared = await withMigrateLock(client, async (lost) => {
      const plan = await prepare(client, migrations, wanted, out)
      return wanted.method === 'prisma'
        ? plan
        : await applyEach(client, target, plan.pending, wanted, out, lost)
    })
    const applied = Array.isArray(prepared)
      ? prepared
      : await applyByPrisma(client, target, prepared, wanted, out)
    await finish(client, out)
    return applied
  })
}

/** What a deploy leaves behind, also one that found nothing to do because an earlier one was killed before this. */
async function finish(client: pg.Client, out: Output): Promise<void> {
  await out.progress('Analyzing the tables', () => analyzeTables(client))
  await client.query(reloadSchema)
}

async function prepare(
  client: pg.Client,
  migrations: readonly Migration[],
  wanted: Deployment,
  out: Output,
): Promise<Plan> {
  const first = await makePlan(client, migrations, wanted.through)
  await refuseWhatIsInTheWay(client, first, migrations)
  if (!first.hasHistory) await client.query(historyTable)
  for (const { name } of first.edited)
    out.note(
      `${name} was changed in this checkout after it was applied: a released migration is never edited.`,
    )
  for (const row of first.unfinished) {
    const migration = first.pending.find(({ name }) => name === row.migration_name)
    if (migration === undefined) continue
    const applied = await settleUnfinished(client, row, migration)
    out.note(
      `${migration.name} was interrupted earlier: ${applied ? 'it had been applied.' : 'it was rolled back, so it runs again.'}`,
    )
  }
  const plan = await makePlan(client, migrations, wanted.through)
  const repaired = await out.progress('Looking for indexes whose build was interrupted', () =>
    repairInvalidIndexes(client, expectedCatalogue(plan.applied)),
  )
  for (const name of repaired) out.note(`The build of ${name} was interrupted earlier: it is built again.`)
  if (await indexGoesFirst(client, plan, wanted.concurrently)) {
    const built = await out.progress('Building the index concurrently', () => buildIndexConcurrently(client))
    if (built) out.say(`Built ${slotIndex} concurrently`)
  }
  return plan
}

/**
 * Returns whether to build the index concurrently, before its migration.
 *
 * @param concurrently the user's choice; if undefined, the table's size decides
 */
export async function indexGoesFirst(
  client: pg.Client,
  { pending }: Plan,
  concurrently: boolean | undefined,
): Promise<boolean> {
  const makesIndex = pending.some(({ sql }) => sql.includes(slotIndex))
  const hasTable = !pending.some(({ number }) => Number(number) === 0)
  return makesIndex && hasTable && (concurrently ?? (await isBig(client)))
}

async function isBig(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ big: boolean }>(
    'select count(*) > $1 as big from (select from public.appointments limit $1 + 1) a',
    [bigTable],
  )
  return rows[0]?.big ?? false
}

async function applyEach(
  client: pg.Client,
  target: Target,
  pending: readonly Migration[],
  wanted: Deployment,
  out: Output,
  lost: AbortSignal,
): Promise<Applied[]> {
  const applied: Applied[] = []
  for (const migration of pending) {
    lost.throwIfAborted()
    out.say(`Applying ${migration.name}.sql...`)
    const sql = recordedMigration(migration, wanted.lockTimeoutMs)
    let ms = 0
    const run = async () => {
      const notices: string[] = []
      const begun = performance.now()
      const hear = (notice: string) => notices.push(notice)
      await (wanted.method === 'psql' ? runByPsql(target, sql, hear, lost) : runByNode(client, sql, hear))
      ms = Math.round(performance.now() - begun)
      for (const notice of notices) out.say(notice)
    }
    try {
      await out.progress(migration.name, () =>
        retryOnLock(client, wanted, run, (attempt) => waits(out, migration.name, attempt)),
      )
    } catch (error) {
      throw failed(migration.name, error)
    }
    out.say(`✅ ${migration.name}.sql applied successfully`)
    applied.push({ name: migration.name, ms })
  }
  return applied
}

async function applyByPrisma(
  client: pg.Client,
  target: Target,
  plan: Plan,
  wanted: Deployment,
  out: Output,
): Promise<Applied[]> {
  if (plan.pending.length === 0) return []
  const known = [...plan.applied, ...plan.pending].sort((a, b) => (a.name < b.name ? -1 : 1))
  const run = async () => {
    try {
      await runByPrisma(target, known, wanted.lockTimeoutMs, (line) => out.say(line))
    } catch (error) {
      if (stateOf(error) !== undefined) await forgetAttempt(client)
      throw error
    }
  }
  try {
    await out.progress('prisma migrate deploy', () =>
      retryOnLock(client, wanted, run, (attempt) => waits(out, 'prisma migrate deploy', attempt)),
    )
  } catch (error) {
    throw failed('prisma migrate deploy', error)
  }
  const rows = (await readHistory(client)) ?? []
  return plan.pending.flatMap(({ name }) =>
    rows
      .filter((row) => row.migration_name === name && isApplied(row))
      .map((row) => ({ name, ms: (row.finished_at?.getTime() ?? 0) - row.started_at.getTime() })),
  )
}

/** Deletes the rows of failed attempts, which were rolled back; they would keep Prisma from retrying. */
async function forgetAttempt(client: pg.Client): Promise<void> {
  await client.query(
    'delete from public._prisma_migrations where finished_at is null and rolled_back_at is null',
  )
}

function waits(out: Output, what: string, attempt: number): void {
  out.note(`${what}: the tables are in use; trying again (attempt ${attempt}).`)
}

function failed(what: string, error: unknown): Failure {
  const text = error instanceof ScriptFailure ? error.message : databaseMessage(error)
  const hint = error instanceof Failure ? error.hint : undefined
  return new Failure(
    `❌ Migration failed: ${what}: ${text}`,
    hint ??
      'It was rolled back completely; earlier migrations stay applied. Fix the cause and run the command again.',
  )
}
