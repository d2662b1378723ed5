import { expect, test } from 'vitest'
import type { Database } from '../../src/index.ts'
import { apiDatabase } from '../support/api-database.ts'
import { type Calls, everyCall, everyTable } from './support/every-call.ts'
import { youngClinic } from './support/grown-clinic.ts'
import { growth, type Reads, readsOf } from './support/reads.ts'

/**
 * The tenth year is as the first day: what a call reads depends on its answer, and not on how long the past is, on how
 * many clients and clinics there are, or on what the planner knew when it made the plan.
 */
const few = 500
const many = Number(process.env.VETCITA_PLANS_ROWS ?? 20_000)

/**
 * What a clinic has little of, a few thousand rows in ten years. Without statistics the planner reads all of it by its
 * smallest index, because a policy with a list of clinics makes every index cost the same.
 */
const little = ['vet_time_off']

/**
 * What holds by plans of when tables were tiny, too. Any index with the clinic in front costs the same then, and chance
 * decides about the other calls, until the pool replaces the connection (connection-lifetime.test.ts).
 */
const heldByAnyPlan = [
  'who is signed in',
  'a day of the calendar',
  'a week of the calendar',
  'what changed',
  'free slots',
  'the nearest slots',
  'booking',
  'booking as a member',
  'booking twice with a key',
  'moving, confirming and cancelling',
  'a no-show who comes after all',
  'writing notes',
  'merging a cart',
  'a line of a cart',
]

const restored = await stage()
const young = await stage()

test.concurrent('on tables that were never analyzed, as after a restore', async () => {
  const calls = { ...restored.calls, ...restored.tables }
  await restored.growTo(few)
  const first = await restored.measure(await restored.warmSession(calls), calls)
  await restored.growTo(many)
  const later = await restored.measure(await restored.warmSession(calls), calls)
  expect(grown(first, later, little)).toEqual({})
})

test.concurrent('by plans of the API’s that were made when analyzed tables were tiny, and on analyzed tables', async () => {
  await young.analyze()
  const session = await young.warmSession(young.calls, 'of the API')
  await young.growTo(few, session)
  const first = await young.measure(session, young.calls)
  await young.growTo(many, session)
  const kept = Object.entries(grown(first, await young.measure(session, young.calls), little))
  expect(kept.filter(([name]) => heldByAnyPlan.includes(name))).toEqual([])
  await young.analyze()
  const later = await young.warmSession(young.calls)
  expect(grown(first, await young.measure(later, young.calls))).toEqual({})
})

/** Makes a young clinic on a database without autovacuum. */
async function stage() {
  const { admin, connect } = await apiDatabase()
  const { rows: tables } = await admin.query<{ name: string }>(
    `select relid::regclass::text as name from pg_stat_user_tables`,
  )
  for (const { name } of tables) await admin.query(`alter table ${name} set (autovacuum_enabled = false)`)
  const clinic = await youngClinic(admin)
  return {
    calls: await everyCall(admin, clinic),
    tables: everyTable(clinic),
    /** Makes the clinic older while a session stays open, which the pool would close after ten idle seconds. */
    growTo: async (appointments: number, session?: Database): Promise<void> => {
      const use = setInterval(() => {
        if (session !== undefined) void session.$queryRaw`select 1`.then()
      }, 1_000)
      await clinic.growTo(appointments)
      clearInterval(use)
    },
    analyze: () => admin.query('analyze'),
    /**
     * Opens a session and makes these calls until the server keeps the plans. Unless it is one of the API's, the planner may
     * choose to read whole tables.
     */
    warmSession: async (calls: Calls, kind?: 'of the API'): Promise<Database> => {
      const db = connect({ poolSize: 1 })
      if (kind === undefined) await db.$executeRaw`set enable_seqscan = on`
      for (let round = 0; round < 6; round += 1) for (const call of Object.values(calls)) await call(db)
      return db
    },
    /** Returns what each call reads on that session. */
    measure: async (db: Database, calls: Calls): Promise<Map<string, Reads>> => {
      const reads = new Map<string, Reads>()
      for (const [name, call] of Object.entries(calls))
        reads.set(name, await readsOf(admin, db, () => call(db)))
      return reads
    },
  }
}

/** Returns the calls that read more than at first, with the tables. */
function grown(
  first: ReadonlyMap<string, Reads>,
  later: ReadonlyMap<string, Reads>,
  except: readonly string[] = [],
): Record<string, string[]> {
  const all = [...later].map(([name, reads]) => {
    const tables = [...growth(first.get(name) ?? new Map(), reads)].filter(
      ([table]) => !except.includes(table),
    )
    return [name, tables.map(([table, numbers]) => `${table}: ${numbers}`)] as const
  })
  return Object.fromEntries(all.filter(([, tables]) => tables.length > 0))
}
