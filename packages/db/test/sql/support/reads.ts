import type pg from 'pg'
import { type Database, Prisma } from '../../../src/index.ts'

/** What a call read: rows and index entries that scans returned, and pages of tables and indexes, by table. */
export type Reads = ReadonlyMap<string, { rows: number; pages: number }>

/**
 * Returns what `run` read through a client with one connection, in everything that it called: the server's counters after
 * it without those before.
 */
export async function readsOf(admin: pg.Client, db: Database, run: () => Promise<unknown>): Promise<Reads> {
  await flush(db)
  const before = await counters(admin)
  await run()
  await flush(db)
  const after = await counters(admin)
  const reads = new Map<string, { rows: number; pages: number }>()
  for (const [table, { rows, pages }] of after) {
    const was = before.get(table) ?? { rows: 0, pages: 0 }
    if (pages > was.pages) reads.set(table, { rows: rows - was.rows, pages: pages - was.pages })
  }
  return reads
}

/** A server process reports its counters once a second, or when it is asked to flush them. */
async function flush(db: Database): Promise<void> {
  await db.$queryRaw(Prisma.sql`select pg_stat_force_next_flush()::text`)
}

async function counters(admin: pg.Client): Promise<Reads> {
  const { rows } = await admin.query<{ table: string; rows: number; pages: number }>(`
    select t.relname as table,
      (t.seq_tup_read + coalesce(i.entries, 0))::float8 as rows,
      (io.heap_blks_hit + io.heap_blks_read + coalesce(io.idx_blks_hit + io.idx_blks_read, 0))::float8 as pages
    from pg_stat_user_tables t
    join pg_statio_user_tables io using (relid)
    left join (select relid, sum(idx_tup_read) as entries from pg_stat_user_indexes group by relid) i using (relid)`)
  return new Map(rows.map(({ table, ...read }) => [table, read]))
}

/**
 * Returns the tables of which `later` read more than `first`, with the numbers; by more than deeper indexes, and the old
 * versions of rows that the calls themselves keep changing, explain.
 */
export function growth(first: Reads, later: Reads): Map<string, string> {
  const more = new Map<string, string>()
  for (const [table, { rows, pages }] of later) {
    const was = first.get(table) ?? { rows: 0, pages: 0 }
    if (rows > 2 * was.rows + 250 || pages > 2 * was.pages + 250)
      more.set(table, `${was.rows} rows on ${was.pages} pages → ${rows} on ${pages}`)
  }
  return more
}
