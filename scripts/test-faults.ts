import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { repositoryRoot } from '@vetcita/postgres'
import { startChild, untilAskedToEnd } from './children.ts'
import { readTally, sum, type Tally, tallyLine } from './test-results.ts'

/**
 * `pnpm test:faults`: what holds when things break, with real processes and real signals. Without options the short
 * form, a few minutes; `--long` kills ten times instead of three.
 *
 * - `--ops 1000000 --seed 7`: a longer walk, and the seed at which it begins, as a failure has printed it
 * - `--after-tests`: the last line is the sum with what `pnpm test` has left
 * - a word: only the files whose name contains it, such as `walk` or `kill`
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== '--'),
  allowPositionals: true,
  options: {
    long: { type: 'boolean', default: false },
    ops: { type: 'string' },
    seed: { type: 'string' },
    'after-tests': { type: 'boolean', default: false },
  },
})
for (const name of ['ops', 'seed'] as const)
  if (values[name] !== undefined && !/^\d+$/.test(values[name])) {
    console.error(`--${name} is a whole number.`)
    process.exit(2)
  }

const folder = path.join(repositoryRoot, 'packages/faults')
const resultsOf = (packageFolder: string) => path.join(packageFolder, 'test-results/results.json')
await rm(resultsOf(folder), { force: true })
const run = startChild(path.join(folder, 'node_modules/.bin/vitest'), ['run', ...positionals], {
  cwd: folder,
  env: {
    ...(values.long ? { FAULTS_LONG: '1' } : {}),
    ...(values.ops === undefined ? {} : { FAULTS_OPS: values.ops }),
    ...(values.seed === undefined ? {} : { FAULTS_SEED: values.seed }),
  },
})
const asked = await Promise.race([run.ended.then(() => undefined), untilAskedToEnd()])
const { code } = await run.stop()

const faults: Tally = (await readTally(resultsOf(folder))) ?? { passed: 0, failed: 1, skipped: 0 }
if (code !== 0 && faults.failed === 0) faults.failed = 1
const tests = values['after-tests'] ? await talliesOfTests() : []
if (tests.length > 0) console.log(`\nfaults: ${tallyLine(faults)}`)
console.log(tallyLine(sum([...tests, faults])))
process.exit(asked ? 130 : faults.failed > 0 ? 1 : 0)

/** What the other packages' tests came to, as their results files tell. */
async function talliesOfTests(): Promise<Tally[]> {
  const tallies: Tally[] = []
  for (const group of ['apps', 'packages'])
    for (const name of await readdir(path.join(repositoryRoot, group))) {
      const other = path.join(repositoryRoot, group, name)
      if (other === folder) continue
      const tally = await readTally(resultsOf(other))
      if (tally) tallies.push(tally)
    }
  return tallies
}
