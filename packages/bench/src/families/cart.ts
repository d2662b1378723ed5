import pg from 'pg'
import { Pool } from 'undici'
import { freshClinic } from '../clinic.ts'
import { post } from '../contenders/http.ts'
import { atMost, type Figure, figure, short, withSpread } from '../figures.ts'
import type { Effort, Report } from '../report.ts'
import { poolSize, type Stage } from '../stage.ts'
import { apiOf } from './booking.ts'

const devices = 64

/** Family 3: merges of few and of many lines, and many devices that merge into one cart at the same time. */
export async function cart(stage: Stage, effort: Effort): Promise<Report> {
  const sizes = [1, 10, 50, 200]
  const { main } = stage
  const pool = new pg.Pool({ connectionString: main.apiUrl, max: poolSize })
  const merge = (tenant: string, customer: string, products: readonly string[]) =>
    pool.query<{ answer: { success: boolean; item_count: number } }>({
      name: 'merge',
      text: 'select merge_cart_atomic($1, $2, $3) as answer',
      values: [
        customer,
        tenant,
        JSON.stringify(products.map((id, at) => ({ type: 'product', id, quantity: 1 + (at % 9) }))),
      ],
    })
  const times = new Map<number, number[]>()
  const overHttp = new Map<number, number[]>()
  const rushes: number[] = []
  let lost = 0
  try {
    for (let round = -1; round < effort.rounds; round += 1) {
      const clinic = await freshClinic(main, [], { vets: 1, products: 200 })
      const customers = await newCustomers(main.admin, clinic.tenant, sizes.length * 10 + 1)
      for (const customer of customers.slice(1))
        for (const size of sizes.slice(customers.indexOf(customer) % sizes.length).slice(0, 1)) {
          const begun = performance.now()
          const { rows } = await merge(clinic.tenant, customer, clinic.products.slice(0, size))
          const took = performance.now() - begun
          if (rows[0]?.answer.item_count !== size) throw new Error('A merge lost lines')
          if (round >= 0) times.set(size, [...(times.get(size) ?? []), took])
        }
      for (const size of [1, 200])
        for (const took of await mergesOverHttp(stage, size))
          if (round >= 0) overHttp.set(size, [...(overHttp.get(size) ?? []), took])
      // every device has one line that no other device has, and ten that all devices have
      const [shared = ''] = customers
      const begun = performance.now()
      await Promise.all(
        Array.from({ length: devices }, (_, at) =>
          merge(clinic.tenant, shared, [clinic.products[at] ?? '', ...clinic.products.slice(100, 110)]),
        ),
      )
      if (round >= 0) rushes.push(performance.now() - begun)
      const { rows } = await merge(clinic.tenant, shared, [])
      lost += devices + 10 - (rows[0]?.answer.item_count ?? 0)
    }
  } finally {
    await pool.end()
  }
  const time = (size: number): Figure => figure(times.get(size) ?? [])
  const httpTime = (size: number): Figure => figure(overHttp.get(size) ?? [])
  return {
    title: 'Cart merge',
    about: `One merge into an empty cart, in milliseconds, through pg (each size ten times a round, each time for another customer) and as a device sends it to the API; and ${devices} devices that merge eleven lines each into one cart at the same time.`,
    tables: [
      {
        caption: 'Milliseconds: the median of all merges, and the quickest and slowest of them',
        head: ['lines', ...sizes.map(String), `${devices} devices at once`, 'lines lost'],
        rows: [
          ['pg', ...sizes.map((size) => withSpread(time(size))), withSpread(figure(rushes)), String(lost)],
          [
            'API over HTTP',
            ...sizes.map((size) => (overHttp.has(size) ? withSpread(httpTime(size)) : '')),
            '',
            '',
          ],
        ],
      },
    ],
    charts: [
      {
        file: 'cart.svg',
        title: 'Milliseconds for one merge',
        kind: 'bar',
        x: sizes.map(String),
        xName: 'lines',
        yName: 'milliseconds',
        series: [{ name: 'merge', values: sizes.map((size) => time(size).median) }],
      },
    ],
    bars: [
      atMost(
        '200 lines through the API, relative to the time of one line',
        httpTime(200).median / httpTime(1).median,
        5,
      ),
      atMost(
        '200 lines in the database alone, relative to the time of one line',
        time(200).median / time(1).median,
        5,
        `It is linear, ${short(((time(200).median - time(1).median) / 199) * 1000)} µs a line: its foreign key, its row and index, and its two entries in the answer (in the changes and in the cart). One line costs little more than the commit, so the ratio mostly shows how fast the disk is.`,
      ),
      atMost(`lines lost by ${devices} devices on one cart`, lost, 0),
    ],
  }
}

async function newCustomers(client: pg.Client, tenant: string, count: number): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `insert into profiles (tenant_id, full_name) select $1, 'Bench' from generate_series(1, $2) returning id`,
    [tenant, count],
  )
  return rows.map(({ id }) => id)
}

/** Returns the times of each account's first merge in a new clinic, one after another. */
async function mergesOverHttp(stage: Stage, size: number): Promise<number[]> {
  const clinic = await freshClinic(stage.main, stage.accounts, { vets: 1, products: 200 })
  const items = clinic.products.slice(0, size).map((id) => ({ type: 'product', id, quantity: 3 }))
  const body = JSON.stringify({ items })
  const pool = new Pool(stage.api.url, { connections: 1, pipelining: 1 })
  const took: number[] = []
  for (const { userId } of stage.accounts) {
    const begun = performance.now()
    const { status } = await post(apiOf(stage), 'store.mergeCart', userId, clinic.tenant, body, pool)
    if (status !== 200) throw new Error(`A merge through the API fails: ${status}`)
    took.push(performance.now() - begun)
  }
  await pool.close()
  return took
}
