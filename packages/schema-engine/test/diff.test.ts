import { describe, expect, test } from 'vitest'
import { database, prisma, project, query, thingModel, thingTable } from './project.ts'

const toSchema = ['--to-schema', 'prisma/schema.prisma', '--exit-code']
const fromMigrations = ['--from-migrations', 'prisma/migrations']

describe('prisma migrate diff', () => {
  test('compares migrations and schema: exit code 0 if they agree, else 2 and the script on stdout', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    const same = await app.prisma(db.developerUrl, 'migrate', 'diff', ...fromMigrations, ...toSchema)
    expect(same).toMatchObject({ code: 0, stdout: expect.stringContaining('No difference detected') })

    // it is piped into files, so no notice may be in it
    await app.migration(
      '002_more',
      `alter table things add column a text; do $$ begin raise notice 'x'; end $$;`,
    )
    const other = await app.prisma(
      db.developerUrl,
      'migrate',
      'diff',
      ...fromMigrations,
      ...toSchema,
      '--script',
    )
    expect(other.stdout.split('\n').filter(Boolean)).toEqual([
      '-- AlterTable',
      'ALTER TABLE "things" DROP COLUMN "a";',
    ])
    expect(other.code).toBe(2)
    expect(await db.shadows()).toEqual([])
  })

  test('compares empty, schema, migrations and database', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    await query(db.ownerUrl, thingTable)
    const diff = (...args: string[]) => app.prisma(db.developerUrl, 'migrate', 'diff', ...args)
    expect(await diff('--from-empty', ...toSchema, '--script')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('CREATE TABLE "things"'),
    })
    expect(await diff(...fromMigrations, '--to-config-datasource', '--exit-code')).toMatchObject({ code: 0 })
    expect(await diff('--from-config-datasource', '--to-empty', '--script')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('DROP TABLE "public"."things"'),
    })
  })

  test('names a migration that fails in the shadow database, and still drops that database', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_bad', 'begin; select * from nowhere; commit;')
    const run = await app.prisma(db.developerUrl, 'migrate', 'diff', ...fromMigrations, ...toSchema)
    expect(run.code).toBe(1)
    expect(run.output).toContain('001_bad')
    expect(run.output).toContain('relation "nowhere" does not exist')
    expect(await db.shadows()).toEqual([])
  })

  test('tells a user who may not create databases what to do: P3014', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    const run = await app.prisma(db.ownerUrl, 'migrate', 'diff', ...fromMigrations, ...toSchema)
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('P3014') })
    expect(run.output).toContain('SHADOW_DATABASE_URL')
  })

  test('empties and uses SHADOW_DATABASE_URL, and refuses the main database', async () => {
    const [db, shadow, app] = [await database(), await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    await query(
      shadow.ownerUrl,
      'create schema old; create table old.leftover (id integer); create table things (id text)',
    )
    await query(db.ownerUrl, thingTable)
    const args = ['migrate', 'diff', ...fromMigrations, ...toSchema]
    const diff = async (url: string) =>
      await prisma(app.folder, db.ownerUrl, args, { SHADOW_DATABASE_URL: url })

    expect(await diff(shadow.ownerUrl)).toMatchObject({ code: 0 })
    expect(await query(shadow.ownerUrl, `select to_regclass('old.leftover') as kept`)).toEqual([
      { kept: null },
    ])
    expect(await diff(db.ownerUrl)).toMatchObject({ code: 1, output: expect.stringContaining('P3015') })
    expect(await query(db.ownerUrl, `select to_regclass('things')::text as kept`)).toEqual([
      { kept: 'things' },
    ])
  })
})
