import { rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '@vetcita/postgres'
import { startChild } from '@vetcita/postgres/children'
import { readTally, type Tally, tallyLine } from './test-results.ts'
import { untilAskedToEnd } from './until-asked-to-end.ts'

/**
 * `pnpm test:faults`: what still holds when processes are killed, connections break and the API is overloaded. Takes two
 * to three minutes.
 *
 * - `--long`: fifty rounds of kills instead of ten
 * - `--ops 1000000`: a longer walk than 50,000 operations
 * - `--seed 7`: the walk's first seed, as a failure has printed it
 * - a positional argument: only the files whose name contains it, such as `walk` or `kill`
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    ops: { type: 'string' },
    seed: { type: 'string' },
  },
})
for (const name of ['ops', 'seed'] as const)
  if (values[name] !== undefined && !/^\d+$/.test(values[name])) {
    console.error(`--${name} must be a whole number.`)
    process.exit(2)
  }

const folder = path.join(repositoryRoot, 'packages/faults')
const results = path.join(folder, 'test-results/results.json')
await rm(results, { force: true })
const run = startChild(path.join(folder, 'node_modules/.bin/vitest'), ['run', ...positionals], {
  cwd: folder,
  env: {
    ...process.env,
    ...(values.long ? { FAULTS_LONG: '1' } : {}),
    ...(values.ops === undefined ? {} : { FAULTS_OPS: values.ops }),
    ...(values.seed === undefined ? {} : { FAULTS_SEED: values.seed }),
  },
})
const asked = await Promise.race([run.ended.then(() => undefined), untilAskedToEnd()])
const { code } = await run.stop()

const tally: Tally = (await readTally(results)) ?? { passed: 0, failed: 1, skipped: 0 }
if (code !== 0 && tally.failed === 0) tally.failed = 1
for (const line of tally.failures ?? []) console.log(line)
console.log(tallyLine(tally))
process.exit(asked ? 130 : tally.failed > 0 ? 1 : 0)
