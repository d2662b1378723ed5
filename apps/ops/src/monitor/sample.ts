import type pg from 'pg'
import { z } from 'zod'
import { calledFunctions, expectedCatalogue } from '../catalogue/expected.ts'
import { readMigrations } from '../migrations.ts'

/** One function's statistics since they were last reset, in milliseconds; null means "not counted". */
export type FunctionStatistics = {
  name: string
  calls: number | null
  meanMs: number | null
  maxMs: number | null
}

export type LockWait = { pid: number; seconds: number; application: string; blockedBy: number[] }

/** A database's statistics at one moment. */
export type Sample = {
  at: string
  functions: FunctionStatistics[]
  /** the source of calls and times; none if the server counts neither */
  sources: { trackFunctions: string; statStatements: boolean; seesAllSessions: boolean }
  database: { deadlocks: number; commits: number; rollbacks: number; connections: number }
  waits: LockWait[]
  idleInTransaction: { pid: number; seconds: number; application: string }[]
}

/** The functions that clients and the API call, by this checkout's migrations. */
function watched(): string[] {
  return calledFunctions(expectedCatalogue(readMigrations()))
}

/**
 * Takes one sample. Calls and mean come from `pg_stat_user_functions` (needs track_functions), which has no maximum; that,
 * and all three if functions are not tracked, come from `pg_stat_statements`. PostgreSQL counts deadlocks per database and
 * no errors; the API counts both per function.
 */
export async function takeSample(client: pg.ClientBase): Promise<Sample> {
  const { rows } = await client.query(
    `select current_setting('track_functions') as track, pg_has_role('pg_read_all_stats', 'usage') as sees_all,
       (select quote_ident(n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace
        where e.extname = 'pg_stat_statements') as statements,
       d.deadlocks::int, d.xact_commit::float8 as commits, d.xact_rollback::float8 as rollbacks, d.numbackends as connections
     from pg_stat_database d where d.datname = current_database()`,
  )
  const [base] = z
    .tuple([
      z.object({
        track: z.string(),
        sees_all: z.boolean(),
        statements: z.string().nullable(),
        deadlocks: z.number(),
        commits: z.number(),
        rollbacks: z.number(),
        connections: z.number(),
      }),
    ])
    .parse(rows)
  const tracked = base.track === 'none' ? [] : await fromFunctions(client)
  const statements = base.statements === null ? null : await fromStatements(client, base.statements)
  return {
    at: new Date().toISOString(),
    functions: watched().map((name) => merged(name, base.track, tracked, statements ?? [])),
    sources: {
      trackFunctions: base.track,
      statStatements: statements !== null,
      seesAllSessions: base.sees_all,
    },
    database: {
      deadlocks: base.deadlocks,
      commits: base.commits,
      rollbacks: base.rollbacks,
      connections: base.connections,
    },
    waits: await lockWaits(client),
    idleInTransaction: await idleTransactions(client),
  }
}

const counted = z.object({
  name: z.string(),
  calls: z.number(),
  total: z.number(),
  max: z.number().nullable(),
})

type Counted = z.infer<typeof counted>

function merged(name: string, track: string, tracked: Counted[], statements: Counted[]): FunctionStatistics {
  const byFunction = tracked.find((row) => row.name === name)
  const byStatement = statements.find((row) => row.name === name)
  const best = byFunction ?? byStatement
  const nothing = track === 'none' && statements.length === 0 ? null : 0
  return {
    name,
    calls: best?.calls ?? nothing,
    meanMs: best && best.calls > 0 ? best.total / best.calls : null,
    maxMs: byStatement?.max ?? null,
  }
}

async function fromFunctions(client: pg.ClientBase): Promise<Counted[]> {
  const { rows } = await client.query(
    `select name, sum(calls)::float8 as calls, sum(total_time) as total, null as max
     from pg_stat_user_functions, lateral (
       select case schemaname when 'public' then '' else schemaname || '.' end || funcname as name
     ) n
     where name = any ($1) group by name`,
    [watched()],
  )
  return z.array(counted).parse(rows)
}

/** Returns null if the extension's library is not loaded, or the user may not read its numbers. */
async function fromStatements(client: pg.ClientBase, schema: string): Promise<Counted[] | null> {
  try {
    const { rows } = await client.query(
      `select f.name, sum(s.calls)::float8 as calls, sum(s.total_exec_time) as total, max(s.max_exec_time) as max
       from unnest($1::text[]) f (name)
       join ${schema}.pg_stat_statements s
         on s.query ~ ('\\m' || replace(f.name, '.', '\\.') || '\\s*\\(') and s.query ~* '^\\s*(select|with|call)\\M'
       join pg_database d on d.oid = s.dbid and d.datname = current_database()
       group by f.name`,
      [watched()],
    )
    return z.array(counted).parse(rows)
  } catch {
    return null
  }
}

const wait = z.object({
  pid: z.number(),
  seconds: z.number(),
  application: z.string(),
  blockedBy: z.array(z.number()),
})

async function lockWaits(client: pg.ClientBase): Promise<LockWait[]> {
  const { rows } = await client.query(
    // pg_locks shows all sessions; pg_stat_activity shows a user only the waits of their own sessions
    `select l.pid, extract(epoch from clock_timestamp() - min(l.waitstart))::float8 as seconds,
       coalesce(a.application_name, '') as application, pg_blocking_pids(l.pid) as "blockedBy"
     from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where not l.granted and l.waitstart is not null and a.datname = current_database()
     group by l.pid, a.application_name
     order by 2 desc limit 20`,
  )
  return z.array(wait).parse(rows)
}

const idle = z.object({ pid: z.number(), seconds: z.number(), application: z.string() })

async function idleTransactions(client: pg.ClientBase): Promise<Sample['idleInTransaction']> {
  const { rows } = await client.query(
    `select pid, extract(epoch from clock_timestamp() - state_change)::float8 as seconds,
       coalesce(application_name, '') as application
     from pg_stat_activity
     where datname = current_database() and state like 'idle in transaction%'
       and clock_timestamp() - state_change > interval '5 seconds'
     order by 2 desc limit 20`,
  )
  return z.array(idle).parse(rows)
}
