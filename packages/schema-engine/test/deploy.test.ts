import process from 'node:process'
import { adminUrl } from '@vetcita/testing'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { database, project, query, thingModel, thingTable } from './project.ts'

const history = `select migration_name as name, finished_at is not null as finished,
  rolled_back_at is not null as rolled_back from _prisma_migrations order by started_at`

describe('prisma migrate deploy', () => {
  test('sends a migration whole, so that `$$` bodies survive, and shows the NOTICEs under its name', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration(
      '001_whole',
      `${thingTable} -- a comment; with a semicolon
       create function twice(n integer) returns integer language plpgsql as $body$
       declare v_text text := 'a;b'; begin raise notice 'first; done'; return n * 2; end $body$;
       insert into things values (twice(21));`,
    )
    await app.migration(
      '002_own_transaction',
      `begin;
       do $$ begin raise notice 'second done' using hint = 'nothing to do'; raise warning 'mind the gap'; end $$;
       commit;`,
    )
    const { code, stdout } = await app.prisma(db.ownerUrl, 'migrate', 'deploy')
    expect(code).toBe(0)
    expect(stdout).toContain(`Applying migration \`001_whole\`
NOTICE:  first; done
Applying migration \`002_own_transaction\`
NOTICE:  second done
HINT:  nothing to do
WARNING:  mind the gap
`)
    expect(await query(db.ownerUrl, 'select id from things')).toEqual([{ id: 42 }])
    expect(await app.prisma(db.ownerUrl, 'migrate', 'status')).toMatchObject({
      code: 0,
      output: expect.stringContaining('Database schema is up to date!'),
    })
  })

  test('rolls back and records a migration that fails between its begin and commit; resolve recovers from it', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_good', thingTable)
    await app.migration(
      '002_bad',
      'begin;\ncreate table half (id integer);\ninsert into things values (1);\nselect * from nowhere;\ncommit;',
    )
    const failed = await app.prisma(db.ownerUrl, 'migrate', 'deploy')
    expect(failed.code).toBe(1)
    expect(failed.output).toContain('P3018')
    expect(failed.output).toContain('Migration name: 002_bad')
    expect(failed.output).toContain('Database error code: 42P01')
    expect(failed.output).toContain('ERROR: relation "nowhere" does not exist\nLINE:  4')
    expect(failed.output).not.toMatch(/schema_engine|\n\s+at /)
    const left = `select to_regclass('half') as half, (select count(*)::int from things)`
    expect(await query(db.ownerUrl, left)).toEqual([{ half: null, count: 0 }])
    expect(await query(db.ownerUrl, history)).toEqual([
      { name: '001_good', finished: true, rolled_back: false },
      { name: '002_bad', finished: false, rolled_back: false },
    ])

    const again = await app.prisma(db.ownerUrl, 'migrate', 'deploy')
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('P3009') })

    await app.migration('002_bad', 'insert into things values (2);')
    const resolved = await app.prisma(db.ownerUrl, 'migrate', 'resolve', '--rolled-back', '002_bad')
    expect(resolved).toMatchObject({ code: 0 })
    expect(await app.prisma(db.ownerUrl, 'migrate', 'deploy')).toMatchObject({ code: 0 })
    expect(await query(db.ownerUrl, 'select id from things')).toEqual([{ id: 2 }])
    expect(await query(db.ownerUrl, history)).toEqual([
      { name: '001_good', finished: true, rolled_back: false },
      { name: '002_bad', finished: false, rolled_back: true },
      { name: '002_bad', finished: true, rolled_back: false },
    ])
  })

  test('two deploys at once queue behind an advisory lock, so each migration runs once', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_slow', `${thingTable} select pg_sleep(2);`)
    await app.migration('002_next', 'insert into things values (1);')
    const runs = await Promise.all([1, 2].map(() => app.prisma(db.ownerUrl, 'migrate', 'deploy')))
    expect(runs.map(({ code }) => code)).toEqual([0, 0])
    expect(runs.filter(({ output }) => output.includes('No pending migrations'))).toHaveLength(1)
    expect(await query(db.ownerUrl, history)).toEqual([
      { name: '001_slow', finished: true, rolled_back: false },
      { name: '002_next', finished: true, rolled_back: false },
    ])
  })

  test('resolve --applied records a migration that was run by hand', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_by_hand', thingTable)
    await query(db.ownerUrl, thingTable)
    const resolved = await app.prisma(db.ownerUrl, 'migrate', 'resolve', '--applied', '001_by_hand')
    expect(resolved).toMatchObject({ code: 0 })
    expect(await query(db.ownerUrl, history)).toEqual([
      { name: '001_by_hand', finished: true, rolled_back: false },
    ])
  })

  test('creates a missing database if the user may', async () => {
    const app = await project(thingModel)
    await app.migration('001_thing', thingTable)
    const name = `schema_engine_${process.pid}_missing`
    const url = Object.assign(new URL(adminUrl()), { pathname: name }).href
    try {
      expect(await app.prisma(url, 'migrate', 'deploy')).toMatchObject({
        code: 0,
        output: expect.stringContaining(`PostgreSQL database ${name} created`),
      })
      expect(await query(url, 'select count(*)::int from things')).toEqual([{ count: 0 }])
    } finally {
      await query(adminUrl(), `drop database if exists ${pg.escapeIdentifier(name)} with (force)`)
    }
  })
})
