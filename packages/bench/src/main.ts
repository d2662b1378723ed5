import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Command } from '@commander-js/extra-typings'
import { repositoryRoot } from '@vetcita/postgres'
import { barLine, writeDocument } from './document.ts'
import { booking } from './families/booking.ts'
import { cart } from './families/cart.ts'
import { coldStarts } from './families/cold-start.ts'
import { growth } from './families/growth.ts'
import { hot } from './families/hot.ts'
import { live } from './families/live.ts'
import { markdownTable, type Report } from './report.ts'
import { type Stage, setStage } from './stage.ts'

/**
 * `pnpm bench`: compares booking with the alternatives. A full run writes docs/benchmarks.md and its charts; a
 * quick or partial one writes them to .vetcita/bench. A missed bar is printed and is not an error.
 */
const families = { booking, hot, growth, cart, start: coldStarts, live }

const { quick, only } = new Command('bench')
  .description(
    'Measures booking, hot slots, growth, carts, cold starts and live calendars, side by side with the alternatives.',
  )
  .option('--quick', 'fewer rounds, and no table of a million appointments', false)
  .option('--only <families...>', `some of ${Object.keys(families).join(', ')}`)
  .parse(process.argv.filter((arg) => arg !== '--'))
  .opts()

const say = (sentence: string) => console.log(sentence)
const begun = performance.now()
const load = os.loadavg()[0] ?? 0
if (load > 1.5) say(`The machine is busy (load ${load.toFixed(1)}): trust the ratios, not the numbers.`)
const rounds = quick ? 2 : 5

let stage: Stage | undefined
const stop = async () => {
  const running = stage
  stage = undefined
  await running?.stop()
}
process.once('SIGINT', () => void stop().then(() => process.exit(130)))
try {
  stage = await setStage()
  const { version } = stage
  const reports: Report[] = []
  for (const [name, measure] of Object.entries(families)) {
    if (only !== undefined && !only.includes(name)) continue
    say(`${name} …`)
    const report = await measure(stage, { quick, rounds, say })
    reports.push(report)
    for (const table of report.tables) say(`\n${table.caption}\n\n${markdownTable(table)}`)
    say('')
    for (const bar of report.bars) say(barLine(bar))
  }
  const folder = path.join(repositoryRoot, quick || only !== undefined ? '.vetcita/bench' : 'docs')
  const minutes = (performance.now() - begun) / 60_000
  const file = await writeDocument(folder, reports, { quick, postgres: version, load, minutes, rounds })
  say(`\n${path.relative(repositoryRoot, file)} is written; it took ${minutes.toFixed(1)} minutes.`)
} finally {
  await stop()
}
process.exit()
