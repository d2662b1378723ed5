import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { withClient } from '@vetcita/postgres'
import { adminUrl } from '@vetcita/testing'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readTarget } from '../src/database.ts'
import { libpqEnvironment, runProgram } from '../src/libpq.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { emptyDatabase, servers, withoutDebian } from './support/databases.ts'
import { ops, opsProcess } from './support/ops.ts'
import { deployTo } from './support/template.ts'

/** pg_dump 17 or newer, whose dumps set parameters that older servers do not have. */
const newerPgDump = `#!/bin/sh
/usr/bin/pg_dump "$@" || exit
for argument; do
  case $argument in
    --file=*) sed -i 's/^SET statement_timeout = 0;$/&\\nSET transaction_timeout = 0;/' "\${argument#--file=}" ;;
  esac
done
`

let folder: string
let bin: string
beforeEach(async () => {
  bin = await mkdtemp(path.join(os.tmpdir(), 'vetcita-bin-'))
  folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-backup-'))
})
afterEach(async () => {
  for (const made of [folder, bin]) await rm(made, { recursive: true })
})

test('reports a missing or too old pg_dump', async () => {
  const missing = await opsProcess(adminUrl(), ['backup'], { env: { PATH: folder } })
  expect(missing.stderr).toContain('pg_dump is not installed.')
  expect(missing.code).toBe(1)
  await writeFile(path.join(folder, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n', {
    mode: 0o755,
  })
  const old = await opsProcess(adminUrl(), ['backup'], { env: { PATH: `${folder}:${process.env.PATH}` } })
  expect(old.stderr).toMatch(
    /pg_dump is version 9 and the server is 1\d: an older pg_dump can't dump a newer server/,
  )
  expect(await readdir(folder)).toEqual(['pg_dump'])
})

test.skipIf(withoutDebian)(
  "the backup can be restored, also on Debian's PostgreSQL and with the runbook's command",
  async () => {
    const database = await emptyDatabase(servers[1].url(), true)
    try {
      await deployTo(database.ownerUrl)
      const dry = await ops(database.ownerUrl, ['backup', '--folder', folder, '--dry-run'])
      expect(dry.stdout).toContain('--exclude-schema="auth"')
      expect(await readdir(folder)).toEqual([])

      const refused = await ops(database.ownerUrl, ['backup', '--folder', folder, '--verify'])
      expect(refused.stderr).toContain('may not create the scratch database')
      const [first = ''] = await readdir(folder)
      await rm(path.join(folder, first))
      await asSuperuser(database.adminUrl, 'alter role vetcita_owner createdb')
      // Into the platform's schema, which the backup leaves out; and a setting that only newer servers know.
      await asSuperuser(
        database.adminUrl,
        `grant references on auth.users to vetcita_owner;
         insert into tenants (id, name) values ('clinic', 'Clínica');
         insert into auth.users values ('00000000-0000-4000-8000-000000000001');
         insert into profiles (tenant_id, id, role, full_name)
           values ('clinic', '00000000-0000-4000-8000-000000000001', 'owner', 'Ñandú');
         alter table profiles add constraint "of a user" foreign key (id) references auth.users (id)`,
      )
      await writeFile(path.join(bin, 'pg_dump'), newerPgDump, { mode: 0o755 })
      const run = await opsProcess(database.ownerUrl, ['backup', '--folder', folder, '--verify'], {
        env: { PATH: `${bin}:${process.env.PATH}` },
      })
      expect(run.stderr).not.toMatch(/does not restore/)
      expect(run.stdout).toMatch(/✓ Restores: \d\d tables, \d+ rows/)
      expect(run.code).toBe(0)

      const files = await readdir(folder)
      expect(files).toEqual([expect.stringMatching(/^backup_pre_088_090_\d{8}_\d{6}\.sql$/)])
      const file = path.join(folder, files[0] ?? '')
      expect((await stat(file)).mode & 0o077).toBe(0)
      const restored = await emptyDatabase(servers[1].url(), false)
      const { code, stderr } = await runProgram('psql', ['-v', 'ON_ERROR_STOP=1', '-f', file], {
        env: libpqEnvironment(readTarget({ DIRECT_URL: restored.ownerUrl })),
      })
      expect(`${code} ${stderr}`).toBe('0 ')
      expect((await ops(restored.ownerUrl, ['verify'])).stdout).not.toContain('✗')
      const { rows } = await withClient(restored.ownerUrl, (client) =>
        client.query(
          `select t.name, p.full_name, array(select relname::text from pg_class
             where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples < 0) as unknown
           from tenants t join profiles p on p.tenant_id = t.id`,
        ),
      )
      expect(rows).toEqual([{ name: 'Clínica', full_name: 'Ñandú', unknown: [] }])
      // and where the schema is, the key is made as well
      await asSuperuser(
        restored.adminUrl,
        `drop schema public, login, clinic_access cascade; create schema public;
        alter schema public owner to vetcita_owner; create schema auth; create table auth.users (id uuid primary key);
        insert into auth.users values ('00000000-0000-4000-8000-000000000001');
        grant usage on schema auth to vetcita_owner; grant references, select on auth.users to vetcita_owner`,
      )
      const second = await runProgram('psql', ['-v', 'ON_ERROR_STOP=1', '-f', file], {
        env: libpqEnvironment(readTarget({ DIRECT_URL: restored.ownerUrl })),
      })
      expect(second.code).toBe(0)
      expect(
        await withClient(
          restored.ownerUrl,
          async (client) =>
            (await client.query(`select from pg_constraint where conname = 'of a user'`)).rowCount,
        ),
      ).toBe(1)
      await restored.drop()
      expect(await scratchDatabases()).toEqual([])
    } finally {
      await asSuperuser(database.adminUrl, 'alter role vetcita_owner nocreatedb')
      await database.drop()
    }
  },
)

async function scratchDatabases(): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: servers[1].url() })
  await client.connect()
  try {
    const { rows } = await client.query(`select datname from pg_database where datname like 'restore_check%'`)
    return rows
  } finally {
    await client.end()
  }
}
