import { rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot, withClient } from '@vetcita/postgres'
import { capture, startChild } from '@vetcita/postgres/children'
import { testServer } from '@vetcita/testing'
import { z } from 'zod'
import { readTally, sum, type Tally, tallyLine } from './test-results.ts'
import { untilAskedToEnd } from './until-asked-to-end.ts'

/**
 * `pnpm test`: every package's tests on one throwaway PostgreSQL server (or on the one that TEST_DATABASE_URL names), and
 * the sum of their results as the last line. Arguments go to turbo: `pnpm test --filter=@vetcita/db`.
 * Exits with 0 only if every test of every package passed; a package without results counts as failed.
 *
 * `pnpm test:full` does the same for the packages' script of that name, the long tests, whose results are in
 * `test-results/full.json`.
 */
const given = process.argv.slice(2).filter((arg) => arg !== '--')
const task = given[0]?.startsWith('test:') ? given[0] : 'test'
const args = task === 'test' ? given : given.slice(1)
const turbo = path.join(repositoryRoot, 'node_modules/.bin/turbo')
const resultsFile = `test-results/${task === 'test' ? 'results' : task.slice('test:'.length)}.json`

const turboPlan = z.object({
  tasks: z.array(
    z.object({ task: z.string(), command: z.string(), package: z.string(), directory: z.string() }),
  ),
})

const packages = await packagesToTest()
// An earlier run's results must not be taken for this one's.
for (const folder of packages.values()) await rm(path.join(folder, resultsFile), { force: true })

const server = await testServer()
const version = await serverVersion(server.adminUrl)
console.log(`Tests run on PostgreSQL ${version}.`)
const run = startChild(
  turbo,
  [
    'run',
    task,
    '--continue=always',
    '--output-logs=new-only',
    // The long tests measure time, so one package's must not slow down another's.
    ...(args.some((arg) => arg.startsWith('--concurrency'))
      ? []
      : [task === 'test' ? '--concurrency=2' : '--concurrency=1']),
    ...args,
  ],
  {
    cwd: repositoryRoot,
    env: { ...process.env, TEST_DATABASE_URL: server.adminUrl, TEST_SERVER_VERSION: version },
  },
)
const asked = await Promise.race([run.ended.then(() => undefined), untilAskedToEnd()])
const { code } = await run.stop()
await server.stop()

const tallies = new Map<string, Tally>()
for (const [name, folder] of packages) {
  const tally = await readTally(path.join(folder, resultsFile))
  if (!tally) console.log(`${name}: no results, which counts as a failure`)
  tallies.set(name, tally ?? { passed: 0, failed: 1, skipped: 0 })
}
console.log()
for (const { failures = [] } of tallies.values()) for (const line of failures) console.log(line)
for (const [name, tally] of tallies) console.log(`${name.padEnd(26)} ${tallyLine(tally)}`)
const total = sum([...tallies.values()])
// turbo may fail although no test did: a broken build, an error after the last test
if (code !== 0 && total.failed === 0) total.failed = 1
console.log(tallyLine(total))
process.exit(asked ? 130 : total.failed > 0 ? 1 : 0)

/** Returns the packages that turbo would test with these arguments, by name, and their folders. */
async function packagesToTest(): Promise<Map<string, string>> {
  const plan = await capture(turbo, ['run', task, '--dry=json', ...args], { cwd: repositoryRoot })
  if (plan.code !== 0) throw new Error(`turbo cannot plan the tests: ${plan.output}`)
  const found = new Map<string, string>()
  for (const planned of turboPlan.parse(JSON.parse(plan.stdout)).tasks)
    if (planned.task === task && planned.command !== '<NONEXISTENT>')
      found.set(planned.package, path.join(repositoryRoot, planned.directory))
  return found
}

function serverVersion(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version.split(' ')[0] ?? 'unknown'
  })
}
