import { Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { runCommand } from '../command.ts'
import { describeTarget, readTarget, type Target, withClient } from '../database.ts'
import { Failure } from '../failure.ts'
import { tidied } from '../interrupt.ts'
import { apiCallers, makeAccounts } from '../load/api-callers.ts'
import type { Callers } from '../load/caller.ts'
import { addClients, type LoadClinic, makeClinic, removeClinic } from '../load/clinic.ts'
import { databaseCallers } from '../load/database-callers.ts'
import { type ScenarioResult, scenarioNames, scenarios } from '../load/scenarios.ts'
import { wholeNumber } from '../options.ts'
import type { Output } from '../output.ts'
import { environmentOf } from '../preflight/environment.ts'

/** Fewer sign-ups than an API allows one address per minute. */
const mostAccounts = 10

export const loadCommand = new Command('load')
  .description("the guide's load tests, on a clinic of their own that is removed afterwards")
  .option('--callers <count>', 'how many call at once', wholeNumber(2, 1000), 10)
  .option(
    '--api <url>',
    'call a running API instead of the functions themselves, as in http://127.0.0.1:4000',
  )
  .option('--production', 'allow running on a production database')
  .option('--dry-run', 'print what it would create and call, change nothing')
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const target = readTarget()
      if (environmentOf(target) === 'production' && !options.production)
        throw new Failure(
          'This is production, and a load test creates load.',
          'Add --production to run it anyway: the test creates its own clinic, and removes it.',
        )
      if (options.dryRun) return dryRun(target, options, out)
      out.note(`Load test on ${options.api ?? describeTarget(target)}, ${options.callers} callers`)
      return await withClient(target, async (client) => {
        await enoughConnections(client, options.api === undefined ? options.callers : 0)
        const clinic = await makeClinic(client, vets, products(options.callers))
        return await tidied(
          async (signal) => {
            const callers = await prepare(client, target, clinic, options)
            try {
              const stoppable: Callers = {
                ...callers,
                at: (place) => {
                  signal.throwIfAborted()
                  return callers.at(place)
                },
              }
              const stage = { client, clinic, callers: stoppable, count: options.callers }
              const results: ScenarioResult[] = []
              for (const [at, scenario] of scenarios.entries()) {
                const result = await out.progress(scenarioNames[at] ?? '', () => scenario(stage))
                show(result, out)
                results.push(result)
              }
              showTimings(results, out)
              return { ok: results.every(({ passed }) => passed), callers: options.callers, results }
            } finally {
              await callers.close()
            }
          },
          () => removeClinic(client, clinic),
          'Interrupted; the load test removed its clinic.',
        )
      })
    })
  })

const vets = 5

/** Returns the number of products: at least one for each device that merges a cart. */
function products(callers: number): number {
  return Math.min(200, Math.max(20, callers))
}

function dryRun(
  target: Target,
  { callers, api }: { callers: number; api?: string | undefined },
  out: Output,
) {
  const would = [
    `make a clinic load_… in ${describeTarget(target)}: ${vets} vets, ${products(callers)} products, ${callers} owners with a pet each`,
    ...(api === undefined ? [] : [`sign up ${Math.min(callers, mostAccounts)} accounts at ${api}`]),
    ...scenarioNames.map((name) => `run the ${name} by ${api === undefined ? 'the functions' : api}`),
    'remove the clinic and its accounts',
  ]
  out.say('It would')
  for (const step of would) out.say(`  - ${step}`)
  return { ok: true, dryRun: true, would }
}

async function prepare(
  client: pg.Client,
  target: Target,
  clinic: LoadClinic,
  { callers, api }: { callers: number; api?: string | undefined },
): Promise<Callers> {
  if (api === undefined) {
    await addClients(client, clinic, callers)
    return await databaseCallers(target, clinic, callers)
  }
  const accounts = await makeAccounts(api, clinic, Math.min(callers, mostAccounts))
  await addClients(
    client,
    clinic,
    callers,
    accounts.map(({ userId }) => userId),
  )
  return apiCallers(api, clinic, accounts, callers)
}

async function enoughConnections(client: pg.Client, wanted: number): Promise<void> {
  const { rows } = await client.query<{ free: number }>(
    `select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
       - (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as free`,
  )
  const free = rows[0]?.free ?? 0
  if (wanted > free)
    throw new Failure(
      `The server has ${free} free connections, and ${wanted} callers need one each.`,
      'Use fewer --callers, or raise max_connections.',
    )
}

function show({ name, passed, lines }: ScenarioResult, out: Output): void {
  out.say(`${passed ? '✅' : '❌'} ${name} ${passed ? 'passed' : 'failed'}:`)
  for (const line of lines) out.say(line)
}

function showTimings(results: readonly ScenarioResult[], out: Output): void {
  out.say()
  out.heading('Latency in milliseconds, and calls per second')
  out.table(
    ['test', 'calls', 'p50', 'p95', 'p99', 'max', 'per_second'],
    results.map(({ name, timing }) => [
      name.replace(/ test$/, ''),
      timing.calls,
      timing.p50,
      timing.p95,
      timing.p99,
      timing.max,
      timing.perSecond,
    ]),
  )
}
