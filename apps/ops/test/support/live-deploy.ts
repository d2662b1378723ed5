import process from 'node:process'
import pg from 'pg'
import { expect } from 'vitest'
import { readTarget } from '../../src/database.ts'
import { deploy, type Method } from '../../src/deploy/deploy.ts'
import { fillClinic, plainInserts } from './big-clinic.ts'
import { type EmptyDatabase, emptyDatabase, type servers } from './databases.ts'
import { deployTo, silent } from './template.ts'
import { underTraffic } from './traffic.ts'

const patience = { lockTimeoutMs: 500, attempts: 30, concurrently: undefined } as const

/**
 * Deploys 088 to 091 on a clinic with that many appointments while three writers book as old code does, and prints the
 * effect on them. 088 to 090 must fail no booking and delay none by a second; 091 locks, and prints for how long.
 */
export async function deployUnderBookings(
  server: (typeof servers)[number],
  rows: number,
  method: Method,
): Promise<void> {
  await withClinic(server, rows, 3, async ({ ownerUrl }, writers) => {
    const target = readTarget({ DIRECT_URL: ownerUrl })
    const quiet = await underTraffic(writers, () => new Promise((resolve) => setTimeout(resolve, 1_000)))
    const through090 = await underTraffic(writers, () =>
      deploy(target, { ...patience, method, through: '090' }, silent),
    )
    expect(through090.result.map(({ name }) => name.slice(0, 3))).toEqual(['088', '089', '090'])
    expect(through090.traffic.failures).toEqual([])
    expect(through090.traffic.longestMs).toBeLessThan(1_000)

    const constraint = await underTraffic(writers, () =>
      deploy(target, { ...patience, method, through: '091' }, silent),
    )
    expect(constraint.traffic.failures).toEqual([])
    const ms = (value: number) => `${Math.round(value)} ms`
    process.stdout.write(
      [
        `${server.name}, ${rows} appointments, three writers, by ${method}:`,
        `without a deploy: ${quiet.traffic.calls} bookings in a second, the longest took ${ms(quiet.traffic.longestMs)}`,
        `088 to 090 (${through090.result.map((step) => ms(step.ms)).join(', ')}): ${through090.traffic.calls} bookings, none failed, the longest took ${ms(through090.traffic.longestMs)}`,
        `091 held its exclusive lock for at most ${ms(constraint.result[0]?.ms ?? 0)}: the longest booking took ${ms(constraint.traffic.longestMs)}`,
      ]
        .join('\n  ')
        .concat('\n'),
    )
  })
}

/** Lets another transaction lock appointments for 1.5 s: the deploy must yield to it, and retry. */
export async function deployBesideLockHolder(
  server: (typeof servers)[number],
  method: Method,
): Promise<void> {
  await withClinic(server, 100, 1, async ({ ownerUrl, adminUrl }, writers) => {
    const holder = new pg.Client({ connectionString: adminUrl })
    await holder.connect()
    await holder.query('begin; lock table appointments in row exclusive mode')
    const release = setTimeout(() => void holder.query('commit'), 1_500)
    const { result, traffic } = await underTraffic(writers, () =>
      deploy(
        readTarget({ DIRECT_URL: ownerUrl }),
        { ...patience, method, through: '090', lockTimeoutMs: 200 },
        silent,
      ),
    )
    clearTimeout(release)
    await holder.end()
    expect(result).toHaveLength(3)
    // a query that queued behind the deploy waited no longer than the deploy's lock_timeout
    expect(traffic.failures).toEqual([])
    expect(traffic.longestMs).toBeLessThan(1_000)
  })
}

async function withClinic(
  server: (typeof servers)[number],
  rows: number,
  count: number,
  work: (database: EmptyDatabase, writers: (() => Promise<void>)[]) => Promise<void>,
): Promise<void> {
  const database = await emptyDatabase(server.url(), server.platform)
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: database.adminUrl }))
  try {
    await deployTo(database.ownerUrl, '000')
    await Promise.all(clients.map((client) => client.connect()))
    const [first] = clients
    if (first === undefined) throw new Error('no client')
    const clinic = await fillClinic(first, rows)
    await work(
      database,
      clients.map((client, at) => plainInserts(client, clinic, clinic.vets[at] ?? '')),
    )
  } finally {
    await Promise.all(clients.map((client) => client.end()))
    await database.drop()
  }
}
