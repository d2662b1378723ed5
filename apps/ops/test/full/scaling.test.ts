import process from 'node:process'
import { adminUrl } from '@vetcita/testing'
import pg from 'pg'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { rolledBack } from '../../src/database.ts'
import { stopwatch } from '../../src/load/timing.ts'
import { formatTable } from '../../src/table.ts'
import { type BigClinic, fillClinic } from '../support/big-clinic.ts'
import { deployedDatabase } from '../support/template.ts'

// The measurements in docs/scaling.md of one server.
const booking = (clinic: BigClinic, at: number, start: string) =>
  `book_appointment_atomic('${clinic.tenant}', '${clinic.pets[at]}', '${clinic.service}', '${clinic.vets[at]}', ${start}, 30)`

const plan = z.tuple([
  z.object({
    'QUERY PLAN': z.tuple([
      z.object({
        Plan: z.object({ 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() }),
        'Execution Time': z.number(),
      }),
    ]),
  }),
])

test('a booking reads as many pages in the tenth year as on the first day', async () => {
  const table: number[][] = []
  for (const history of [0, 2_000, 20_000])
    await onClinic(history, 1, async (client, clinic) => {
      const free = "date_trunc('hour', now()) + interval '20 days'"
      const book = await fastest(client, booking(clinic, 0, free))
      const { rows } = await client.query<{ id: string }>(
        `select ${booking(clinic, 0, `${free} + interval '1 day'`)} ->> 'appointment_id' as id`,
      )
      const move = await fastest(
        client,
        `reschedule_appointment_atomic('${rows[0]?.id}', ${free} + interval '2 days', '${clinic.owner}')`,
      )
      table.push([history, book.pages, book.ms, move.pages])
    })
  print(['past appointments', 'pages per booking', 'fastest booking, ms', 'pages per move'], table)
  const [first, , last] = table
  expect(last?.[1]).toBeLessThan(1.25 * (first?.[1] ?? 0))
  expect(last?.[3]).toBeLessThan(1.25 * (first?.[3] ?? 0))
})

test('bookings of one vet queue, those of many do not', async () => {
  const table: number[][] = []
  for (const [callers, vets] of [
    [1, 1],
    [8, 1],
    [8, 50],
  ] as const)
    await onClinic(0, vets, async (_, clinic, url) => {
      const clients = Array.from({ length: callers }, () => new pg.Client({ connectionString: url }))
      await Promise.all(clients.map((one) => one.connect()))
      const calls = 1_600
      let next = 0
      const watch = stopwatch()
      await Promise.all(
        clients.map(async (one) => {
          for (let at = next++; at < calls; at = next++) {
            const start = `date_trunc('hour', now()) + interval '20 days' + ${Math.floor(at / vets)} * interval '30 minutes'`
            const { rows } = await watch.time(() =>
              one.query(`select ${booking(clinic, at % vets, start)} ->> 'success' as success`),
            )
            expect(rows).toEqual([{ success: 'true' }])
          }
        }),
      )
      for (const one of clients) await one.end()
      const { p50, perSecond } = watch.result()
      table.push([callers, vets, perSecond, p50])
    })
  print(['callers', 'vets', 'bookings a second', 'median, ms'], table)
  expect(table).toHaveLength(3)
})

/** Makes a clinic with that many past appointments on the newest schema, and gathers statistics. */
async function onClinic(
  history: number,
  vets: number,
  work: (client: pg.Client, clinic: BigClinic, url: string) => Promise<void>,
): Promise<void> {
  const scratch = await deployedDatabase(adminUrl())
  const client = new pg.Client({ connectionString: scratch.url })
  await client.connect()
  try {
    const clinic = await fillClinic(client, history, vets)
    await client.query('vacuum analyze appointments')
    await work(client, clinic, scratch.url)
  } finally {
    await client.end()
    await scratch.drop()
  }
}

/** Returns the pages that a call reads and its fastest time of 200; each call is rolled back. */
async function fastest(client: pg.Client, call: string): Promise<{ pages: number; ms: number }> {
  let pages = 0
  let ms = Number.POSITIVE_INFINITY
  for (let at = 0; at < 200; at += 1) {
    const { rows } = await rolledBack(client, () =>
      client.query(`explain (analyze, buffers, timing off, format json) select ${call}`),
    )
    const [{ Plan: node, 'Execution Time': took }] = plan.parse(rows)[0]['QUERY PLAN']
    pages = node['Shared Hit Blocks'] + node['Shared Read Blocks']
    ms = Math.min(ms, took)
  }
  return { pages, ms: Math.round(ms * 100) / 100 }
}

function print(columns: string[], rows: number[][]): void {
  process.stdout.write(`${formatTable(columns, rows)}\n`)
}
