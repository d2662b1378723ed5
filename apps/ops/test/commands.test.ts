import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { adminUrl, type ScratchDatabase } from '@vetcita/postgres'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readTarget } from '../src/database.ts'
import { environmentOf } from '../src/preflight/environment.ts'
import { apiUrl, grantApiRole, startApi } from './support/api.ts'
import { asSuperuser, emptyDatabase, servers, withoutDebian } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployedDatabase, deployTo } from './support/template.ts'

const password = 'a-very-secret-password'

let scratch: ScratchDatabase
beforeAll(async () => {
  scratch = await deployedDatabase(adminUrl())
  await grantApiRole(scratch.url)
})
afterAll(async () => {
  await scratch.drop()
})

describe('the command line', () => {
  test('exit code 2 for what it does not understand, 1 for what cannot be done, one JSON document on request', async () => {
    expect((await ops(undefined, ['fly'])).code).toBe(2)
    expect((await ops(scratch.ownerUrl, ['deploy', '--method', 'pigeon'])).code).toBe(2)
    const nowhere = await ops('postgresql://nobody@127.0.0.1:1/nothing', ['preflight', '--json'])
    expect(nowhere.code).toBe(1)
    const { ok, error } = JSON.parse(nowhere.stdout)
    expect(ok).toBe(false)
    expect(error).toContain("Can't reach database server at `127.0.0.1:1`")
    expect(() => readTarget({}, () => undefined)).toThrow('Neither DIRECT_URL nor DATABASE_URL is set.')
  })

  test('no password is ever printed, and no colour off a terminal', async () => {
    const wrong = scratch.ownerUrl.replace(/:[^:@/]+@/, `:${password}@`)
    const commands = [['preflight'], ['deploy'], ['backup'], ['monitor', '--json']]
    for (const run of await Promise.all(commands.map((args) => ops(wrong, args)))) {
      expect(run.code).toBe(1)
      expect(`${run.stdout}${run.stderr}`).toMatch(/Authentication failed/)
      expect(`${run.stdout}${run.stderr}`).not.toContain(password)
    }
    const api = await ops(apiUrl(scratch.url), ['verify'])
    expect(api.stderr).toContain('This user may not read the history of migrations.')
    const good = await ops(scratch.ownerUrl, ['verify'])
    expect(`${good.stdout}${good.stderr}`).not.toContain('\u001b[')
    expect(`${good.stdout}${good.stderr}`).not.toContain('vetcita_owner:')
    const broken = await ops('postgresql://user:p@ss word@/:x', ['preflight'])
    expect(`${broken.stdout}${broken.stderr}`).not.toContain('ss word')
  })
})

describe('editor', () => {
  test('the script is printed whole, and needs no database', async () => {
    const { stdout, code } = await ops('postgresql://nobody@127.0.0.1:1/nothing', [
      'deploy',
      '--method',
      'editor',
      '--through',
      '088',
    ])
    expect(code).toBe(0)
    expect(stdout).toContain('Atomic appointment booking migration complete')
    expect(stdout).not.toContain('reschedule_appointment_atomic(')
  })

  test('--dry-run prints what is pending, and changes nothing', async () => {
    const fresh = await deployedDatabase(adminUrl(), '088')
    const { stdout, code } = await ops(fresh.ownerUrl, ['deploy', '--through', '090', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('create or replace function merge_cart_atomic')
    expect(stdout).not.toContain('create or replace function book_appointment_atomic')
    expect((await ops(fresh.ownerUrl, ['verify', '--through', '088'])).code).toBe(0)
    await fresh.drop()
  })
})

describe('preflight', () => {
  test.each([
    ['postgresql://postgres@db.abcdef.supabase.co:5432/postgres', 'production'],
    ['postgresql://postgres@db.abcdef-staging.supabase.co:5432/postgres', 'staging'],
    ['postgresql://postgres.abcdef@aws-0-sa-east-1.pooler.supabase.com:5432/postgres', 'production'],
    ['postgresql://postgres@localhost:54322/postgres', 'development'],
    ['postgresql://postgres@pg.clinic.example:5432/postgres', 'unknown'],
  ])('%s is %s', (url, environment) => {
    expect(environmentOf(readTarget({ DIRECT_URL: url }), {})).toBe(environment)
    expect(environmentOf(readTarget({ DIRECT_URL: url }), { VETCITA_ENVIRONMENT: 'staging' })).toBe('staging')
  })

  test('passes a deployed database, says so as the guide does, and --expect production fails on this one', async () => {
    const run = await ops(scratch.ownerUrl, ['preflight'])
    expect(run.stdout).toContain('088 to 090 are already applied (skip their deployment).')
    expect(run.stdout).toContain('✓ Tables are those of the contract')
    expect(run.code).toBe(0)
    const expecting = await ops(scratch.ownerUrl, ['preflight', '--expect', 'production'])
    expect(expecting.stdout).toContain('✗ This is development, not production')
    expect(expecting.code).toBe(1)
  })
})

describe('doctor', () => {
  test('finds each trouble of the guide, and mends what is safe', async () => {
    const sick = await deployedDatabase(adminUrl())
    try {
      expect((await ops(sick.ownerUrl, ['doctor'])).code).toBe(0)
      await asSuperuser(
        sick.url,
        `drop function merge_cart_atomic(uuid, text, jsonb);
         revoke execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer) from authenticated;
         grant execute on function reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer) to public;
         drop index idx_appointments_vet_time_status`,
      )
      const found = await ops(sick.ownerUrl, ['doctor'])
      expect(found.code).toBe(1)
      expect(found.stdout).toContain('merge_cart_atomic of 090 does not exist: calls fail with 42883')
      expect(found.stdout).toContain('authenticated may not execute reschedule_appointment_atomic')
      expect(found.stdout).toContain('PUBLIC may execute reschedule_appointment_atomic')
      expect(found.stdout).toContain('index idx_appointments_vet_time_status is missing')
      expect((await ops(sick.ownerUrl, ['doctor', '--fix'])).code).toBe(0)
      expect((await ops(sick.ownerUrl, ['verify'])).code).toBe(0)
    } finally {
      await sick.drop()
    }
  })

  test('says who holds a slot that looked free', async () => {
    const vet = '00000000-0000-4000-8000-000000000001'
    const client = new pg.Client({ connectionString: scratch.url })
    await client.connect()
    await client.query(`
      insert into tenants (id, name) values ('slots', 'Clinic');
      insert into profiles (tenant_id, id, role, full_name) values ('slots', '${vet}', 'vet', 'Vet');
      insert into vet_time_off (tenant_id, vet_id, start_time, end_time) values ('slots', '${vet}', '2030-01-01 10:00Z', '2030-01-01 12:00Z')`)
    await client.end()
    const taken = await ops(scratch.ownerUrl, ['doctor', '--vet', vet, '--at', '2030-01-01T10:30Z'])
    expect(taken.stdout).toMatch(/time off \S+ lasts from 2030-01-01 10:00/)
    const free = await ops(scratch.ownerUrl, ['doctor', '--vet', vet, '--at', '2030-01-01T12:30Z'])
    expect(free.stdout).toContain('That slot is free now')
  })
})

describe('monitor', () => {
  test('names who waits for a lock, as a red flag', async () => {
    const [holder, waiter] = [scratch.url, scratch.url].map((url) => new pg.Client({ connectionString: url }))
    if (!holder || !waiter) throw new Error('no clients')
    await Promise.all([holder.connect(), waiter.connect()])
    await holder.query('begin; lock table carts')
    const waiting = waiter.query('select count(*) from carts')
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    const run = await ops(scratch.ownerUrl, ['monitor'])
    expect(run.stdout).toMatch(/✗ process \d+ waits \d+\.\d s for \d+/)
    expect(run.code).toBe(1)
    await holder.query('rollback')
    await waiting
    await Promise.all([holder.end(), waiter.end()])
    expect((await ops(scratch.ownerUrl, ['monitor'])).code).toBe(0)
  })
})

describe('load', () => {
  test("prints the guide's block and leaves nothing behind, on the functions and through the API", async () => {
    const api = await startApi(apiUrl(scratch.url))
    try {
      for (const args of [[], ['--api', api.url]]) {
        const run = await ops(scratch.ownerUrl, ['load', ...args])
        expect(run.stdout).toContain(
          [
            '✅ Race condition test passed:',
            '   - Successful bookings: 1',
            '   - Rejected (slot unavailable): 9',
            '   - Failed with errors: 0',
            '   - Database verification: Exactly 1 appointment created ✓',
          ].join('\n'),
        )
        expect(run.stdout).not.toContain('❌')
        expect(run.code).toBe(0)
      }
      const metrics = await ops(scratch.ownerUrl, ['monitor', '--metrics', `${api.url}/metrics`, '--json'])
      const counted = JSON.parse(metrics.stdout).api.find(({ name }: { name: string }) =>
        name.startsWith('book'),
      )
      expect(counted).toMatchObject({ errors: 0, deadlocks: 0 })
      expect(counted.calls).toBeGreaterThan(100)
    } finally {
      await api.stop()
    }
    const client = new pg.Client({ connectionString: scratch.url })
    await client.connect()
    const { rows } = await client.query(
      `select (select count(*)::int from tenants where id like 'load%') as tenants, (select count(*)::int from login."user") as users`,
    )
    await client.end()
    expect(rows).toEqual([{ tenants: 0, users: 0 }])
  })
})

describe('backup', () => {
  test('a missing or too old pg_dump is said in a sentence', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-path-'))
    const missing = await ops(scratch.ownerUrl, ['backup'], { env: { PATH: folder } })
    expect(missing.stderr).toContain('pg_dump is not installed.')
    expect(missing.code).toBe(1)
    await writeFile(path.join(folder, 'pg_dump'), '#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n', {
      mode: 0o755,
    })
    const old = await ops(scratch.ownerUrl, ['backup'], { env: { PATH: `${folder}:${process.env.PATH}` } })
    expect(old.stderr).toMatch(
      /pg_dump is version 9 and the server is 1\d: an older pg_dump can't dump a newer server/,
    )
    await rm(folder, { recursive: true })
  })

  test.skipIf(withoutDebian)("is restorable, on Debian's PostgreSQL", async () => {
    const database = await emptyDatabase(servers[1].url(), true)
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-backup-'))
    try {
      await deployTo(database.ownerUrl)
      const refused = await ops(database.ownerUrl, ['backup', '--folder', folder, '--verify'])
      expect(refused.stderr).toContain('may not create the scratch database')
      await asSuperuser(database.adminUrl, 'alter role vetcita_owner createdb')
      const run = await ops(database.ownerUrl, ['backup', '--folder', folder, '--verify'])
      expect(run.stderr).not.toMatch(/does not restore/)
      expect(run.stdout).toMatch(/✓ Restores: 1\d tables, \d+ rows/)
      expect(run.code).toBe(0)
      const [file = ''] = await readdir(folder)
      expect(file).toMatch(/^backup_pre_088_090_\d{8}_\d{6}\.sql$/)
      expect(await readFile(path.join(folder, file), 'utf8')).toContain('book_appointment_atomic')
    } finally {
      await asSuperuser(database.adminUrl, 'alter role vetcita_owner nocreatedb')
      await database.drop()
      await rm(folder, { recursive: true })
    }
  })
})
