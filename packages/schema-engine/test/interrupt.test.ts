import { adminUrl } from '@vetcita/testing'
import { describe, expect, test, vi } from 'vitest'
import { database, project, query, startPrisma, thingModel, thingTable } from './project.ts'

const sleeping = `select datname from pg_stat_activity
  where state = 'active' and query like '%pg_sleep(600)%' and pid <> pg_backend_pid()`

describe('Ctrl-C', () => {
  test.each([
    [
      'a deploy rolls its migration back',
      ['deploy'],
      `select to_regclass('things') as left_over`,
      [{ left_over: null }],
    ],
    [
      'a diff drops its shadow database',
      ['diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma'],
      `select 1 where false`,
      [],
    ],
  ])('in the middle of %s', async (_, command, question, answer) => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_slow', `${thingTable} select pg_sleep(600);`)
    const running = startPrisma(app.folder, db.developerUrl, ['migrate', ...command])
    await vi.waitUntil(async () => (await query(adminUrl(), sleeping)).length > 0, {
      timeout: 90_000,
      interval: 500,
    })
    running.interrupt()
    await running.ended
    await vi.waitUntil(async () => (await query(adminUrl(), sleeping)).length === 0, {
      timeout: 30_000,
      interval: 500,
    })
    expect(await query(db.url, question)).toEqual(answer)
    await vi.waitUntil(async () => (await db.shadows()).length === 0, {
      timeout: 30_000,
    })
  })
})
