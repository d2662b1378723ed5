import { databaseUrl } from '@vetcita/postgres'
import { describe, expect, it } from 'vitest'
import {
  asCaller,
  type CallerTransaction,
  type Database,
  describeFailure,
  withRetry,
  writeAsCaller,
} from '../src/index.ts'
import { apiDatabase, createCrossLocks, errorOf } from './support/api-database.ts'

const { db, admin, url, scratch, connect } = await apiDatabase()

// An error can come from a bare statement, a transaction or a typed query.
const inTransaction = (client: Database, run: (tx: CallerTransaction) => Promise<unknown>) =>
  client.$transaction(run)

async function kindOf(work: Promise<unknown>): Promise<string> {
  const { kind, sqlState } = describeFailure(await errorOf(work))
  return sqlState === null ? kind : `${kind} ${sqlState}`
}

describe('a conflict is recognized', () => {
  it('if two transactions wait for each other (40P01), in a bare statement and in a transaction', async () => {
    await createCrossLocks(admin)
    const bare = (first: number, second: number) =>
      db.$queryRaw`select cross_locks(${first}::bigint, ${second}::bigint) is null`
    const inside = (first: number, second: number) =>
      inTransaction(db, (tx) => tx.$queryRaw`select cross_locks(${first}::bigint, ${second}::bigint) is null`)
    for (const wait of [bare, inside]) {
      const results = await Promise.allSettled([wait(1, 2), wait(2, 1)])
      const failed = results.filter((result) => result.status === 'rejected')
      expect(failed.map((result) => describeFailure(result.reason))).toEqual([
        { kind: 'conflict', sqlState: '40P01' },
      ])
    }
  })

  it('if a serializable transaction cannot be serialized (40001), raw and typed', async () => {
    const key = 'serial'
    await db.rateLimit.create({ data: { key, count: 0, lastRequest: 0n } })
    const raw = (tx: CallerTransaction) =>
      tx.$executeRaw`update login.rate_limit set count = count + 1 where key = ${key}`
    const typed = (tx: CallerTransaction) =>
      tx.rateLimit.update({ where: { key }, data: { count: { increment: 1 } } })
    for (const update of [raw, typed]) {
      const clash = db.$transaction(
        async (tx) => {
          await tx.rateLimit.findFirst({ where: { key } })
          await admin.query('update login.rate_limit set count = count + 1 where key = $1', [key])
          await update(tx)
        },
        { isolationLevel: 'RepeatableRead' },
      )
      expect(describeFailure(await errorOf(clash)).kind).toBe('conflict')
    }
  })

  it('if a function raises one', async () => {
    await admin.query(`
      create function raise_state(p_state text) returns void language plpgsql as $$
      begin raise exception 'raised by the test' using errcode = p_state; end $$`)
    for (const state of ['40001', '40P01', '25P02', '26000', '42P05']) {
      expect(await kindOf(db.$queryRaw`select raise_state(${state}) is null`)).toBe(`conflict ${state}`)
      const inside = inTransaction(db, (tx) => tx.$queryRaw`select raise_state(${state}) is null`)
      expect(await kindOf(inside)).toBe(`conflict ${state}`)
    }
  })
})

describe('an unreachable server is recognized', () => {
  it.each([
    ['if nothing listens there', () => 'postgresql://vetcita_api:x@127.0.0.1:1/vetcita'],
    ['if there is no such host', () => 'postgresql://vetcita_api:x@no-such-host.invalid/vetcita'],
    ['behind a wrong password', () => url.replace('vetcita_api:vetcita_api@', 'vetcita_api:wrong@')],
    ['without that database', () => databaseUrl(url, 'no_such_database', 'vetcita_api', 'vetcita_api')],
  ])('%s', async (_name, address) => {
    const away = connect({ connectTimeoutMs: 3000 }, address())
    expect(await kindOf(away.$queryRaw`select 1`)).toMatch(/^unreachable/)
    expect(await kindOf(away.user.findFirst())).toMatch(/^unreachable/)
    expect(await kindOf(asCaller(away, 'visitor', (tx) => tx.$queryRaw`select 1`))).toMatch(/^unreachable/)
  })

  it('if it ends the connection during a statement, or between two statements of a transaction', async () => {
    const victim = connect({ poolSize: 1, applicationName: 'victim' })
    const end = () =>
      admin.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'victim' and datname = current_database()`)
    const running = errorOf(victim.$queryRaw`select pg_sleep(30) is null`)
    await untilRunning('victim')
    await end()
    expect(describeFailure(await running).kind).toBe('unreachable')

    const between = inTransaction(victim, async (tx) => {
      await tx.$queryRaw`select 1`
      await end()
      await new Promise((resolve) => setTimeout(resolve, 300))
      await tx.$queryRaw`select 1`
    })
    expect(describeFailure(await errorOf(between)).kind).toBe('unreachable')
    // and the pool recovers
    expect(await victim.$queryRaw`select 1 as one`).toEqual([{ one: 1 }])
  })
})

describe('a busy server or pool is recognized', () => {
  it('if no connection becomes free in time', async () => {
    const small = connect({ poolSize: 1, connectTimeoutMs: 1000 })
    await small.$queryRaw`select 1`
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    let holder: Promise<unknown> = Promise.resolve()
    await new Promise<void>((holds) => {
      holder = inTransaction(small, (tx) => {
        holds()
        return released.then(() => tx.$queryRaw`select 1`)
      })
    })
    expect(await kindOf(small.$queryRaw`select 1`)).toBe('busy')
    expect(await kindOf(small.user.findFirst())).toBe('busy')
    expect(await kindOf(inTransaction(small, (tx) => tx.$queryRaw`select 1`))).toBe('busy')
    release()
    await holder
  })

  it('if the server accepts no more connections (53300)', async () => {
    await admin.query(`create role crowded login password 'crowded' connection limit 0`)
    const crowded = connect({}, scratch.urlAs('crowded', 'crowded'))
    const kind = await kindOf(crowded.$queryRaw`select 1`)
    await admin.query('drop role crowded')
    expect(kind).toBe('busy 53300')
  })

  it('if a statement takes too long (57014)', async () => {
    const impatient = connect({ statementTimeoutMs: 100 })
    expect(await kindOf(impatient.$queryRaw`select pg_sleep(5) is null`)).toBe('busy 57014')
  })
})

describe('a server that cannot do it now is recognized', () => {
  it('if it is read-only (25006), raw, typed and in a transaction', async () => {
    await admin.query(`alter database ${admin.database} set default_transaction_read_only = on`)
    const readOnly = connect()
    const write = (tx: CallerTransaction) => tx.$executeRaw`update login.rate_limit set count = 0`
    const kinds = [
      await kindOf(write(readOnly)),
      await kindOf(readOnly.rateLimit.deleteMany()),
      await kindOf(inTransaction(readOnly, write)),
    ]
    await admin.query(`alter database ${admin.database} reset default_transaction_read_only`)
    expect(kinds).toEqual(['unable 25006', 'unable 25006', 'unable 25006'])
  })

  it.each(['53000', '53100', '53200', '53400', '0A000'])('by the SQLSTATE %s', async (state) => {
    expect(await kindOf(db.$queryRaw`select raise_state(${state}) is null`)).toBe(`unable ${state}`)
    const inside = inTransaction(db, (tx) => tx.$queryRaw`select raise_state(${state}) is null`)
    expect(await kindOf(inside)).toBe(`unable ${state}`)
  })
})

describe('a plan that a migration made stale', () => {
  it('is a conflict, and the next attempt is made on a new connection', async () => {
    await admin.query('create table changing (a integer); grant select on changing to vetcita_api')
    const one = connect({ poolSize: 1 })
    const read = (tx: CallerTransaction) => tx.$queryRaw`select * from changing`
    let columns = 0
    for (const run of [() => read(one), () => inTransaction(one, read)]) {
      await run()
      columns += 1
      await admin.query(`alter table changing add column b${columns} integer`)
      expect(await kindOf(run())).toBe('conflict 0A000')
      await run()
    }
    await admin.query('alter table changing add column c integer')
    expect(await withRetry(() => inTransaction(one, read))).toEqual([])
  })
})

describe('a database that lacks migrations is recognized', () => {
  it('by a missing function, table, column or privilege', async () => {
    expect(await kindOf(db.$queryRaw`select 1 from public.appointments`)).toBe('not-migrated 42501')
    await admin.query(
      'create function unreachable_one() returns integer language sql as $$ select 1 $$; revoke execute on function unreachable_one from public',
    )
    expect(await kindOf(db.$queryRaw`select unreachable_one()`)).toBe('not-migrated 42501')
    expect(await kindOf(db.$queryRaw`select book_appointment_atomic('x')`)).toBe('not-migrated 42883')
    expect(await kindOf(db.$queryRaw`select 1 from login.no_such_table`)).toBe('not-migrated 42P01')
    expect(await kindOf(db.$queryRaw`select no_such_column from login.session`)).toBe('not-migrated 42703')
    await admin.query('alter table login.verification rename to gone')
    const typed = await kindOf(db.verification.findFirst())
    await admin.query('alter table login.gone rename to verification')
    expect(typed).toBe('not-migrated 42P01')
  })

  it('by a function that a rollback drops between planning and execution', async () => {
    await admin.query(`
      create function leaving() returns integer language plpgsql as 'begin return 1; end';
      create function drop_leaving() returns void language plpgsql security definer as
        'begin drop function leaving(); end'`)
    expect(await kindOf(db.$queryRaw`select drop_leaving() is null, leaving()`)).toBe('not-migrated XX000')
    const raised = (words: string) =>
      kindOf(db.$executeRawUnsafe(`do $$ begin raise '${words}' using errcode = 'XX000'; end $$`))
    expect(await raised('could not open relation with OID 4711')).toBe('not-migrated XX000')
    expect(await raised('missing chunk number 0 for toast value 4711')).toBe('other XX000')
  })
})

describe('everything else is a constraint or a bug', () => {
  it('a refusal by a policy too, whatever language the server speaks', async () => {
    const says = (words: string) =>
      kindOf(db.$executeRawUnsafe(`do $$ begin raise '${words}' using errcode = '42501'; end $$`))
    expect(await says('permission denied for table pets')).toBe('other 42501')
    expect(await says('permiso denegado a la tabla pets')).toBe('other 42501')
    const asOwner = writeAsCaller(
      db,
      { userId: '00000000-0000-4000-8000-000000000001' },
      (tx) => tx.$executeRaw`insert into profiles (tenant_id, full_name) values ('nowhere', 'x')`,
    )
    expect(await kindOf(asOwner)).toBe('other 42501')
  })

  it('by its SQLSTATE', async () => {
    const row = { data: { key: 'twice', count: 0, lastRequest: 0n } }
    await db.rateLimit.create(row)
    expect(await kindOf(db.rateLimit.create(row))).toBe('constraint 23505')
    expect(await kindOf(db.$queryRaw`select 'x'::uuid`)).toBe('constraint 22P02')
    expect(await kindOf(db.$queryRaw`select 1 +`)).toBe('other 42601')
  })

  it('and an error from elsewhere is not a database failure', () => {
    const shapes = [
      new Error('x'),
      new TypeError('fetch failed'),
      'text',
      null,
      undefined,
      { code: 'P9999' },
      7,
    ]
    for (const shape of shapes) expect(describeFailure(shape)).toEqual({ kind: 'other', sqlState: null })
    const loop: { cause?: unknown } = {}
    loop.cause = loop
    expect(describeFailure(loop).kind).toBe('other')
  })
})

async function untilRunning(name: string): Promise<void> {
  for (;;) {
    const { rowCount } = await admin.query(
      `select from pg_stat_activity where application_name = $1 and state = 'active' and query like '%pg_sleep%'`,
      [name],
    )
    if (rowCount === 1) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
