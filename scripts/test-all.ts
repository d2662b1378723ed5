import { spawn } from 'node:child_process'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { readTallyLine, sum, type Tally, tallyLine } from './test-results.ts'

/**
 * `pnpm test:all`, which `.ci/run` runs: these commands one after the other, even if one fails, and the sum of their last
 * lines as its own last line. A command that prints no such line, or exits with anything but 0, counts as a failure.
 */
const commands = ['test', 'test:full', 'test:faults']

const totals: Tally[] = []
for (const command of commands) {
  console.log(`\n$ pnpm ${command}`)
  const begun = Date.now()
  const { code, lastLine } = await runPnpm(command)
  const tally = readTallyLine(lastLine) ?? { passed: 0, failed: 1, skipped: 0 }
  if (code !== 0 && tally.failed === 0) tally.failed = 1
  totals.push(tally)
  console.log(`pnpm ${command} took ${Math.round((Date.now() - begun) / 1000)} s`)
}
const total = sum(totals)
console.log()
for (const [at, command] of commands.entries()) {
  const tally = totals[at]
  if (tally) console.log(`pnpm ${command.padEnd(20)} ${tallyLine(tally)}`)
}
console.log(tallyLine(total))
process.exitCode = total.failed > 0 ? 1 : 0

/** Runs one of the root's scripts and prints its output as it arrives. */
function runPnpm(command: string): Promise<{ code: number; lastLine: string }> {
  const child = spawn('npx', ['-y', 'pnpm@12', command], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text)
    output = `${output}${text}`.slice(-4_000)
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const lines = output.split('\n').filter((line) => readTallyLine(line) !== undefined)
      resolve({ code: code ?? 1, lastLine: lines.at(-1) ?? '' })
    })
  })
}
