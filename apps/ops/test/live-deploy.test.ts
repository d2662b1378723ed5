import process from 'node:process'
import { adminUrl } from '@vetcita/postgres'
import pg from 'pg'
import { expect, test } from 'vitest'
import { readTarget } from '../src/database.ts'
import { deploy } from '../src/deploy/deploy.ts'
import { fillClinic, plainInserts } from './support/big-clinic.ts'
import { deployedDatabase, silent } from './support/template.ts'
import { underTraffic } from './support/traffic.ts'

/** `pnpm --filter @vetcita/ops test:full` deploys on 100,000 appointments, the quick run on as many as fill quickly. */
const rows = Number(process.env.OPS_APPOINTMENTS ?? 10_000)

const patience = { lockTimeoutMs: 500, attempts: 30, concurrently: undefined } as const

test(`088 to 090 on ${rows} appointments under live bookings: none fails, none waits over a second`, async () => {
  const scratch = await deployedDatabase(adminUrl(), '000')
  const clients = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const client = new pg.Client({ connectionString: scratch.url })
      await client.connect()
      return client
    }),
  )
  try {
    const [first, ...others] = clients
    if (first === undefined) throw new Error('no client')
    const clinic = await fillClinic(first, rows)
    const workers = others.map((client, at) => plainInserts(client, clinic, clinic.vets[at] ?? ''))
    const target = readTarget({ DIRECT_URL: scratch.ownerUrl })

    const quiet = await underTraffic(workers, () => new Promise((resolve) => setTimeout(resolve, 1_000)))
    const through090 = await underTraffic(workers, () =>
      deploy(target, { ...patience, method: 'node', through: '090' }, silent),
    )
    expect(through090.result.map(({ name }) => name.slice(0, 3))).toEqual(['088', '089', '090'])
    expect(through090.traffic.failures).toEqual([])
    expect(through090.traffic.longestMs).toBeLessThan(1_000)

    const constraint = await underTraffic(workers, () =>
      deploy(target, { ...patience, method: 'node', through: '091' }, silent),
    )
    expect(constraint.traffic.failures).toEqual([])
    const ms = (value: number) => `${Math.round(value)} ms`
    console.log(
      [
        `${rows} appointments, three writers:`,
        `without a deploy: ${quiet.traffic.calls} bookings, the longest took ${ms(quiet.traffic.longestMs)}`,
        `088 to 090 (${through090.result.map((step) => ms(step.ms)).join(', ')}): ${through090.traffic.calls} bookings, none failed, the longest took ${ms(through090.traffic.longestMs)}`,
        `091 held its exclusive lock for at most ${ms(constraint.result[0]?.ms ?? 0)}: the longest booking took ${ms(constraint.traffic.longestMs)}`,
      ].join('\n  '),
    )
  } finally {
    await Promise.all(clients.map((client) => client.end()))
    await scratch.drop()
  }
}, 600_000)

test('a deploy gives way to a transaction that holds the table, and comes back', async () => {
  const scratch = await deployedDatabase(adminUrl(), '000')
  const holder = new pg.Client({ connectionString: scratch.url })
  const writer = new pg.Client({ connectionString: scratch.url })
  await Promise.all([holder.connect(), writer.connect()])
  try {
    const clinic = await fillClinic(writer, 100)
    await holder.query('begin')
    await holder.query('lock table appointments in row exclusive mode')
    const release = setTimeout(() => void holder.query('commit'), 1_500)
    const { result, traffic } = await underTraffic([plainInserts(writer, clinic, clinic.vets[0] ?? '')], () =>
      deploy(
        readTarget({ DIRECT_URL: scratch.ownerUrl }),
        { method: 'psql', through: '090', concurrently: undefined, lockTimeoutMs: 200, attempts: 30 },
        silent,
      ),
    )
    clearTimeout(release)
    expect(result).toHaveLength(3)
    // Who came after the waiting deploy waited with it, as long as its lock_timeout and no longer.
    expect(traffic.failures).toEqual([])
    expect(traffic.longestMs).toBeLessThan(1_000)
  } finally {
    await Promise.all([holder.end(), writer.end()])
    await scratch.drop()
  }
})
