import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { adminUrl, type ScratchDatabase } from '@vetcita/testing'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readTarget } from '../src/database.ts'
import { createOutput } from '../src/output.ts'
import { program } from '../src/program.ts'
import { withoutSecrets } from '../src/secrets.ts'
import { apiUrl, grantApiRole } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { ops, opsProcess } from './support/ops.ts'
import { deployedDatabase } from './support/template.ts'

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
  test('exits with 2 for wrong usage and 1 for a failure, and prints one JSON document on request', async () => {
    expect((await opsProcess(undefined, ['fly'])).code).toBe(2)
    expect((await ops(scratch.ownerUrl, ['deploy', '--method', 'pigeon'])).code).toBe(2)
    const nowhere = await opsProcess('postgresql://nobody@127.0.0.1:1/nothing', ['preflight', '--json'])
    expect(nowhere.code).toBe(1)
    const { ok, error } = JSON.parse(nowhere.stdout)
    expect(ok).toBe(false)
    expect(error).toContain("Can't reach database server at `127.0.0.1:1`")
    expect(() => readTarget({}, () => undefined)).toThrow('Neither DIRECT_URL nor DATABASE_URL is set.')
  })

  test('every command has --json, and --dry-run if it writes', () => {
    const having = (flag: string) =>
      program.commands
        .filter(({ options }) => options.some(({ long }) => long === flag))
        .map((command) => command.name())
    expect(having('--json')).toEqual(program.commands.map((command) => command.name()))
    expect(having('--dry-run')).toEqual(['backup', 'deploy', 'api-role', 'rollback', 'doctor', 'load'])
  })

  test('--dry-run of a load test and of a backup prints what they would do', async () => {
    const load = await ops(scratch.ownerUrl, ['load', '--dry-run', '--callers', '50'])
    expect(load.stdout).toContain('5 vets, 50 products, 50 owners with a pet each')
    expect(load.stdout).toContain('  - run the Race condition test by the functions\n')
    const through = await ops(scratch.ownerUrl, [
      'load',
      '--dry-run',
      '--json',
      '--api',
      'http://127.0.0.1:1',
    ])
    expect(JSON.parse(through.stdout).would).toContain('sign up 10 accounts at http://127.0.0.1:1')
  })

  test('work longer than a second shows progress on standard error, quick work does not', async () => {
    const written: string[] = []
    const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    try {
      const out = createOutput(false)
      expect(await out.progress('Quick work', async () => 1)).toBe(1)
      expect(await out.progress('Long work', () => sleep(1_300, 2))).toBe(2)
      await createOutput(true).progress('Work for a program', () => sleep(1_300))
    } finally {
      spy.mockRestore()
    }
    expect(written).toEqual(['… Long work (1 s)\n'])
  })

  test('prints no password, not even from other programs, and no colour unless on a terminal', async () => {
    const wrong = scratch.ownerUrl.replace(/:[^:@/]+@/, `:${password}@`)
    for (const args of [['preflight'], ['deploy'], ['backup'], ['monitor', '--json']]) {
      const run = await ops(wrong, args)
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

  test("redacts secrets in another program's error", async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-path-'))
    const empty = await deployedDatabase(adminUrl(), '000')
    try {
      const role = `secret_${empty.name}`
      await asSuperuser(empty.url, `create role ${role} login superuser password '${password}'`)
      const url = empty.urlAs(role, password)
      const tattle = `#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit 0\necho "$0: error: connection to postgresql://$PGUSER:$PGPASSWORD@$PGHOST failed with $PGPASSWORD" >&2\nexit 2\n`
      for (const name of ['psql', 'pg_dump'])
        await writeFile(path.join(folder, name), tattle, { mode: 0o755 })
      for (const args of [
        ['deploy', '--method', 'psql'],
        ['backup', '--folder', folder],
      ]) {
        const run = await opsProcess(url, args, { env: { PATH: `${folder}:${process.env.PATH}` } })
        expect(run.code).toBe(1)
        expect(run.stderr).toMatch(
          /connection to postgresql:\/\/\w+:\[redacted\]@\S+ failed with \[redacted\]/,
        )
        expect(`${run.stdout}${run.stderr}`).not.toContain(password)
      }
    } finally {
      await empty.drop()
      await asSuperuser(adminUrl(), `drop role if exists secret_${empty.name}`)
      await rm(folder, { recursive: true })
    }
    const redacted = withoutSecrets('{"url": "postgresql://a:p%40ss@host/db", "again": "p@ss"}', {
      DIRECT_URL: 'postgresql://a:p%40ss@host/db',
    })
    expect(redacted).toBe('{"url": "postgresql://a:[redacted]@host/db", "again": "[redacted]"}')
  })
})

describe('editor', () => {
  test('prints the whole script without a database', async () => {
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

  test('copies the script, or writes it to a file', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-clipboard-'))
    try {
      const [copied, written] = ['copied.sql', 'written.sql'].map((name) => path.join(folder, name))
      await writeFile(path.join(folder, 'xclip'), `#!/bin/sh\n/bin/cat > '${copied}'\n`, { mode: 0o755 })
      const script = ['deploy', '--method', 'editor', '--through', '090']
      const copy = await opsProcess(undefined, [...script, '--copy'], { env: { PATH: folder } })
      expect(copy.stdout).toBe('Copied: paste it into the SQL editor and run it.\n')
      await ops(scratch.ownerUrl, [...script, '--output', written ?? ''])
      const text = await readFile(written ?? '', 'utf8')
      expect(text).toContain('Atomic cart merge migration complete')
      expect(await readFile(copied ?? '', 'utf8')).toBe(text)
      await rm(path.join(folder, 'xclip'))
      const none = await opsProcess(undefined, [...script, '--copy'], { env: { PATH: folder } })
      expect(none.stderr).toContain('No program here can reach a clipboard')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('deploy --dry-run', () => {
  test('prints the pending SQL, and changes nothing', async () => {
    const fresh = await deployedDatabase(adminUrl(), '088')
    const { stdout, code } = await ops(fresh.ownerUrl, ['deploy', '--through', '090', '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('create or replace function merge_cart_atomic')
    expect(stdout).not.toContain('create or replace function book_appointment_atomic')
    expect((await ops(fresh.ownerUrl, ['verify', '--through', '088'])).code).toBe(0)
    await fresh.drop()
  })
})
