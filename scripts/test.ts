import { rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot, withClient } from '@vetcita/postgres'
import { capture, startChild } from '@vetcita/postgres/children'
import { testServer } from '@vetcita/testing'
import { readTally, sum, type Tally, tallyLine } from './test-results.ts'
import { untilAskedToEnd } from './until-asked-to-end.ts'

/**
 * `pnpm test`: every package's tests on one throwaway PostgreSQL server (or on the one that TEST_DATABASE_URL names),
 * then the sum of their results as the last line. Arguments go to turbo: `pnpm test --filter=@vetcita/db`.
 * Exits with 0 only when every test of every package passed; a package that left no results counts as failed.
 *
 * `pnpm test:full` is the same for the packages' script of that name: the long proofs, which leave their results in
 * `test-results/full.json`.
 */
const given = process.argv.slice(2).filter((arg) => arg !== '--')
const task = given[0]?.startsWith('test:') ? given[0] : 'test'
const args = task === 'test' ? given : given.slice(1)
const turbo = path.join(repositoryRoot, 'node_modules/.bin/turbo')
const resultsFile = `test-results/${task === 'test' ? 'results' : task.slice('test:'.length)}.json`

const packages = await packagesToTest()
// What a run before this one left must not be mistaken for this one's.
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
    // The long proofs measure, so one package's must not slow down another's.
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
for (const [name, tally] of tallies) console.log(`${name.padEnd(26)} ${tallyLine(tally)}`)
const total = sum([...tallies.values()])
// turbo may fail where no test did: a build that breaks, an error after the last test
if (code !== 0 && total.failed === 0) total.failed = 1
console.log(tallyLine(total))
process.exit(asked ? 130 : total.failed > 0 ? 1 : 0)

/** The packages that turbo would test with these arguments, and their folders. */
async function packagesToTest(): Promise<Map<string, string>> {
  const plan = await capture(turbo, ['run', task, '--dry=json', ...args], { cwd: repositoryRoot })
  if (plan.code !== 0) throw new Error(`turbo cannot plan the tests: ${plan.output}`)
  const told: unknown = JSON.parse(plan.stdout)
  const tasks =
    typeof told === 'object' && told !== null && 'tasks' in told && Array.isArray(told.tasks)
      ? told.tasks
      : []
  const found = new Map<string, string>()
  for (const planned of tasks) {
    if (planned.task === task && planned.command !== '<NONEXISTENT>')
      found.set(String(planned.package), path.join(repositoryRoot, String(planned.directory)))
  }
  return found
}

function serverVersion(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version.split(' ')[0] ?? 'unknown'
  })
}
