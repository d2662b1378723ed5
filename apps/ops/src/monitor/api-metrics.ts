import { Failure, messageOf } from '../failure.ts'

/** What the API has counted of one function since it started. */
export type ApiCounts = { name: string; calls: number; errors: number; deadlocks: number }

const line = /^vetcita_procedure_calls_total\{(?<labels>[^}]*)\} (?<value>[\d.e+]+)$/

/**
 * Reads the API's `/metrics`: calls, errors and deadlocks per function, which PostgreSQL does not count.
 *
 * @param token the API's METRICS_TOKEN, if any
 *
 * @throws Failure if nothing answers there
 */
export async function readApiMetrics(url: string, token = process.env.METRICS_TOKEN): Promise<ApiCounts[]> {
  let text: string
  try {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(5_000),
      headers: token ? { authorization: `Bearer ${token}` } : {},
    })
    if (!response.ok) throw new Error(`it answered ${response.status}`)
    text = await response.text()
  } catch (error) {
    throw new Failure(`${url} returned no metrics: ${messageOf(error)}.`)
  }
  const counts = new Map<string, ApiCounts>()
  for (const row of text.split('\n')) {
    const found = line.exec(row)?.groups
    if (found === undefined) continue
    const labels = new Map(
      [...(found.labels ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, k = '', v = '']) => [k, v]),
    )
    const name = labels.get('function') ?? ''
    if (name === '') continue
    const count = counts.get(name) ?? { name, calls: 0, errors: 0, deadlocks: 0 }
    const value = Number(found.value)
    count.calls += value
    if (labels.get('result') === 'error') count.errors += value
    if (labels.get('sql_state') === '40P01') count.deadlocks += value
    counts.set(name, count)
  }
  return [...counts.values()]
}
