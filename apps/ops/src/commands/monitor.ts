import { Command, Option } from '@commander-js/extra-typings'
import type pg from 'pg'
import { guideFunctions } from '../catalogue/expected.ts'
import { runCommand } from '../command.ts'
import { readTarget, withClient } from '../database.ts'
import { type ApiCounts, readApiMetrics } from '../monitor/api-metrics.ts'
import { redFlags } from '../monitor/flags.ts'
import { type FunctionStatistics, type Sample, takeSample } from '../monitor/sample.ts'
import { duration } from '../options.ts'
import type { Output } from '../output.ts'
import { repeatedly } from '../watching.ts'

export const monitorCommand = new Command('monitor')
  .description('calls and times per function, lock waits now, and red flags; exit 1 if there are any')
  .option(
    '--metrics <url>',
    "the API's metrics, for errors and deadlocks per function, as in http://127.0.0.1:4000/metrics",
  )
  .option('--watch <time>', 'repeat, as in --watch 1h', duration)
  .addOption(new Option('--every <time>', 'how often, with --watch').argParser(duration).default(5_000, '5s'))
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      return await withClient(readTarget(), async (client) => {
        const first = await look(client, options.metrics, undefined, out)
        if (options.watch === undefined) return { ok: first.flags.length === 0, ...first }
        const flags: string[] = []
        const samples: Sample[] = [first.sample]
        await repeatedly(options.watch, options.every, async () => {
          const next = await look(client, options.metrics, first.sample, out)
          samples.push(next.sample)
          flags.push(...next.flags)
        })
        return { ok: flags.length === 0, flags: [...new Set(flags)], samples }
      })
    })
  })

async function look(
  client: pg.Client,
  metricsUrl: string | undefined,
  before: Sample | undefined,
  out: Output,
): Promise<{ sample: Sample; api: ApiCounts[] | null; flags: string[] }> {
  const { api, sample } = await out.progress('Looking', async () => ({
    api: metricsUrl === undefined ? null : await readApiMetrics(metricsUrl),
    sample: await takeSample(client),
  }))
  const flags = redFlags(sample, before, api ?? [])
  out.heading(sample.at)
  const countsOf = (name: string) => api?.find((row) => row.name === name)
  const isQuiet = ({ name, calls }: FunctionStatistics) =>
    (calls ?? 0) === 0 && countsOf(name) === undefined && !guideFunctions.some((known) => known === name)
  out.table(
    ['function_name', 'calls', 'mean_ms', 'max_ms', 'errors', 'deadlocks'],
    sample.functions
      .filter((statistics) => !isQuiet(statistics))
      .map(({ name, calls, meanMs, maxMs }) => {
        const counts = countsOf(name)
        return [
          name,
          calls,
          rounded(meanMs),
          rounded(maxMs),
          counts?.errors ?? null,
          counts?.deadlocks ?? null,
        ]
      }),
  )
  const quiet = sample.functions.filter(isQuiet).map(({ name }) => name)
  if (quiet.length > 0) out.say(`Not called yet: ${quiet.join(', ')}`)
  const { deadlocks, connections } = sample.database
  out.say(
    `${deadlocks} deadlocks in this database, ${connections} connections, ${sample.waits.length} waiting for a lock`,
  )
  for (const hint of missing(sample, api)) out.note(hint)
  for (const flag of flags) out.check({ name: flag, verdict: 'failed' })
  if (flags.length === 0) out.check({ name: 'No red flags', verdict: 'ok' })
  out.say()
  return { sample, api, flags }
}

function missing({ sources, functions }: Sample, api: ApiCounts[] | null): string[] {
  const { trackFunctions, statStatements, seesAllSessions } = sources
  return [
    ...(seesAllSessions
      ? []
      : ['Only members of pg_monitor see which transactions are idle: grant pg_monitor to this user.']),
    ...(trackFunctions === 'none' && !statStatements
      ? [
          `Nothing counts calls here: "alter database … set track_functions = 'pl'" (as a superuser), or load pg_stat_statements.`,
        ]
      : []),
    ...(!statStatements ? ['max_ms needs pg_stat_statements; pg_stat_user_functions has no maximum.'] : []),
    ...(api === null && functions.length > 0
      ? ['errors and deadlocks per function are counted by the API: --metrics http://127.0.0.1:4000/metrics']
      : []),
  ]
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms * 100) / 100
}
