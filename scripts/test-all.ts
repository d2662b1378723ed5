import { spawn } from 'node:child_process'
import process from 'node:process'
import { createInterface } from 'node:readline'
import { repositoryRoot } from '@vetcita/postgres'
import { isFailureLine, readTallyLine, sum, type Tally, tallyLine } from './test-results.ts'

/**
 * `pnpm test:all`, which `.ci/run` runs: these commands one after the other, even if one fails, and the sum of their last
 * lines as its own last line, after a line for each test that failed. A command that prints no such line, or exits with anything but 0, counts as a failure.
 */
const commands = ['test', 'test:full', 'test:faults']

const totals: Tally[] = []
const failures: string[] = []
for (const command of commands) {
  console.log(`\n$ pnpm ${command}`)
  const begun = Date.now()
  const { code, lastLine, failures: found } = await runPnpm(command)
  failures.push(...found)
  const tally = readTallyLine(lastLine) ?? { passed: 0, failed: 1, skipped: 0 }
  if (code !== 0 && tally.failed === 0) tally.failed = 1
  totals.push(tally)
  console.log(`pnpm ${command} took ${Math.round((Date.now() - begun) / 1000)} s`)
}
const total = sum(totals)
console.log()
for (const line of failures) console.log(line)
for (const [at, command] of commands.entries()) {
  const tally = totals[at]
  if (tally) console.log(`pnpm ${command.padEnd(20)} ${tallyLine(tally)}`)
}
console.log(tallyLine(total))
process.exitCode = total.failed > 0 ? 1 : 0

/** Runs one of the root's scripts and prints its output as it arrives. */
function runPnpm(command: string): Promise<{ code: number; lastLine: string; failures: string[] }> {
  const child = spawn('npx', ['-y', 'pnpm@12', command], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lastLine = ''
  const failures: string[] = []
  child.stdout.pipe(process.stdout, { end: false })
  createInterface(child.stdout).on('line', (line) => {
    if (readTallyLine(line)) lastLine = line
    if (isFailureLine(line)) failures.push(line)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, lastLine, failures }))
  })
}
