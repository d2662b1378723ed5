import { spawn } from 'node:child_process'
import { chmodSync, chownSync, copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { createDatabase, readClockDifferences } from '@vetcita/db'
import { databaseUrl, freePort, ownerRole, repositoryRoot } from '@vetcita/postgres'
import { installedBinaries, runnableBinaries } from '@vetcita/postgres/binaries'
import { type Cluster, initCluster, startCluster, stopCluster } from '@vetcita/postgres/cluster'
import { serverUser } from '@vetcita/postgres/server-user'
import { ensureOwner, ownerPassword } from '@vetcita/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { grantApiRole } from './support/api.ts'
import { asSuperuser } from './support/as-superuser.ts'
import { ops } from './support/ops.ts'
import { deployTo } from './support/template.ts'

// A server that has not heard that Paraguay left daylight saving time in 2024: its Asunción keeps Santiago's clocks, as it
// used to.

const folder = mkdtempSync(path.join(os.tmpdir(), 'vetcita-clocks-'))
let cluster: Cluster
let owner: string
let admin: string

beforeAll(async () => {
  // another test's backup has made this process write for its own user alone
  process.umask(0o022)
  chmodSync(folder, 0o755)
  const user = serverUser()
  if (user.ids) chownSync(folder, user.ids.uid, user.ids.gid)
  const { root, version } = await runnableBinaries(user, '/var/lib/vetcita', await installedBinaries())
  const old = path.join(folder, 'native')
  for (const part of ['bin', 'share'])
    cpSync(path.join(root, part), path.join(old, part), { recursive: true })
  symlinkSync(path.join(root, 'lib'), path.join(old, 'lib'))
  const zones = path.join(old, 'share/postgresql/timezone/America')
  copyFileSync(path.join(zones, 'Santiago'), path.join(zones, 'Asuncion'))
  cluster = {
    folder: path.join(folder, 'data'),
    user,
    binaries: { root: old, version },
    log: path.join(folder, 'server.log'),
  }
  await initCluster(cluster, 'postgres', { fsync: false })
  const port = await freePort()
  await startCluster(cluster, port, { fsync: false })
  const server = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`
  await ensureOwner(server)
  await asSuperuser(server, `create database clocks owner ${ownerRole}`)
  admin = databaseUrl(server, 'clocks')
  owner = databaseUrl(server, 'clocks', ownerRole, ownerPassword)
  await deployTo(owner)
  await asSuperuser(
    admin,
    `insert into tenants (id, name, timezone) values ('here', 'Aquí', 'America/Asuncion'), ('there', 'Allá', 'America/Sao_Paulo')`,
  )
  await grantApiRole(admin)
})
afterAll(async () => {
  await stopCluster(cluster.folder)
  rmSync(folder, { recursive: true, force: true })
})

const sentence =
  /the clocks of America\/Asuncion are at UTC-0[34]:00 by the server and at UTC-03:00 by Node\.js/

test('preflight and doctor name the zone, the first day and both clocks', async () => {
  const preflight = await ops(owner, ['preflight'])
  expect(preflight.stdout).toMatch(/! Two clocks: on \d{4}-\d\d-\d\d the clocks of America\/Asuncion/)
  expect(preflight.code).toBe(0)
  const doctor = await ops(owner, ['doctor'])
  expect(doctor.stdout).toMatch(sentence)
  expect(doctor.stdout).not.toContain('Sao_Paulo')
  expect(doctor.code).toBe(1)
})

test("the API's login finds it too, and the API logs it at its start", async () => {
  const url = databaseUrl(admin, 'clocks', 'vetcita_api', 'vetcita_api')
  const db = createDatabase(url)
  try {
    expect(await readClockDifferences(db)).toEqual([
      { zone: 'America/Asuncion', sentence: expect.stringMatching(sentence) },
    ])
  } finally {
    await db.$disconnect()
  }
  const api = spawn(process.execPath, ['src/main.ts'], {
    cwd: path.join(repositoryRoot, 'apps/api'),
    env: {
      ...process.env,
      DATABASE_URL: url,
      AUTH_SECRET: 'a-secret-that-only-the-tests-know-of',
      PUBLIC_URL: 'http://127.0.0.1:4000',
      PORT: '0',
      LOG_LEVEL: 'warn',
      MAIL_FOLDER: path.join(folder, 'mails'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  try {
    let log = ''
    await new Promise<void>((resolve, reject) => {
      api.once('exit', () => reject(new Error(`The API ended: ${log}`)))
      for (const stream of [api.stdout, api.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => {
          log += text
          if (sentence.test(log)) resolve()
        })
    })
    expect(log).toContain("the server's decide what is shown")
  } finally {
    api.removeAllListeners('exit')
    api.kill()
  }
})
