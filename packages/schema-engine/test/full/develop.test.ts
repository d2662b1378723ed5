import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { database, project, query, thingModel, thingTable } from '../project.ts'

describe('commands for development', () => {
  test('validate and generate need no database', async () => {
    const app = await project(thingModel)
    expect(await app.prisma(undefined, 'validate')).toMatchObject({ code: 0 })
    expect(await app.prisma(undefined, 'generate')).toMatchObject({ code: 0 })
    expect(await readdir(path.join(app.folder, 'generated'))).toContain('client.ts')
  })

  test('migrate dev applies what is pending, then writes a migration; --create-only leaves that unapplied', async () => {
    const [db, app] = [await database(), await project(thingModel.replace('@id', '@id\n  name String?'))]
    await app.migration('001_thing', `${thingTable} do $$ begin raise notice 'made'; end $$;`)

    const draft = await app.prisma(db.developerUrl, 'migrate', 'dev', '--create-only', '--name', 'named')
    expect(draft).toMatchObject({ code: 0, stdout: expect.stringContaining('NOTICE:  made') })
    const migrations = path.join(app.folder, 'prisma/migrations')
    const [name] = (await readdir(migrations)).filter((entry) => entry.endsWith('_named'))
    const script = await readFile(path.join(migrations, name ?? '', 'migration.sql'), 'utf8')
    expect(script).toContain('ALTER TABLE "things" ADD COLUMN     "name" TEXT')
    expect(await columns(db.url)).toEqual(['id'])

    const applied = await app.prisma(db.developerUrl, 'migrate', 'dev', '--name', 'again')
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('in sync with your schema') })
    expect(await columns(db.url)).toEqual(['id', 'name'])
    expect(await db.shadows()).toEqual([])
  })

  test('migrate reset empties the database and applies everything again', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    await app.migration('001_thing', thingTable)
    await query(db.ownerUrl, 'create table things (id text); create table others (id text)')
    expect(await app.prisma(db.ownerUrl, 'migrate', 'reset', '--force')).toMatchObject({ code: 0 })
    expect(
      await query(db.ownerUrl, `select count(*)::int, to_regclass('others') as others from things`),
    ).toEqual([{ count: 0, others: null }])
  })

  test('db pull reads the tables, db execute runs several statements', async () => {
    const [db, app] = [await database(), await project('')]
    await app.write('two.sql', `${thingTable} select 1; insert into things values (7);`)
    expect(await app.prisma(db.ownerUrl, 'db', 'execute', '--file', 'two.sql')).toMatchObject({ code: 0 })
    expect(await query(db.ownerUrl, 'select id from things')).toEqual([{ id: 7 }])
    expect(await app.prisma(db.ownerUrl, 'db', 'pull', '--print')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/model things \{\s+id +Int @id/),
    })
  })
})

async function columns(url: string): Promise<unknown[]> {
  const rows = await query(
    url,
    `select column_name as name from information_schema.columns where table_name = 'things' order by ordinal_position`,
  )
  return rows.map(({ name }) => name)
}
