import { mkdir, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { draw } from './chart.ts'
import { type Bar, short } from './figures.ts'
import { markdownTable, type Report } from './report.ts'
import { settings } from './stage.ts'

export type Circumstances = {
  quick: boolean
  postgres: string
  load: number
  minutes: number
  rounds: number
}

/** Returns a bar as one line, for the terminal and the document. */
export function barLine({ sentence, value, required, passed, why }: Bar): string {
  const line = `${passed ? '✓' : '✗'} ${sentence}: ${short(value)} (required ${required})`
  return passed || why === undefined ? line : `${line}. ${why}`
}

/**
 * Writes `benchmarks.md`, and the charts into `benchmarks/` next to it.
 *
 * @returns the document's path
 */
export async function writeDocument(
  folder: string,
  reports: readonly Report[],
  circumstances: Circumstances,
): Promise<string> {
  await mkdir(path.join(folder, 'benchmarks'), { recursive: true })
  for (const chart of reports.flatMap(({ charts }) => charts))
    await writeFile(path.join(folder, 'benchmarks', chart.file), draw(chart))
  const file = path.join(folder, 'benchmarks.md')
  await writeFile(file, text(reports, circumstances))
  return file
}

function text(reports: readonly Report[], circumstances: Circumstances): string {
  const [cpu] = os.cpus()
  const server = Object.entries(settings).map(
    ([name, value]) => `\`${name}\` ${value === true ? 'on' : value === false ? 'off' : value}`,
  )
  return `# Benchmarks

Written by \`pnpm bench${circumstances.quick ? ' --quick' : ''}\`; run it to get your own figures. All contenders share one machine with their callers, so trust the ratios more than the numbers. The
figures are medians, with the lowest and highest of the rounds; every contender runs in each round, and each round begins
with another one.

| | |
| --- | --- |
| date | ${new Date().toISOString().slice(0, 10)} |
| machine | ${os.availableParallelism()} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(os.totalmem() / 2 ** 30)} GB, ${os.type()} ${os.release()} |
| load of the machine when the run began | ${circumstances.load.toFixed(2)} |
| versions | PostgreSQL ${circumstances.postgres}, Node ${process.version.slice(1)} |
| server | ${server.join(', ')} |
| rounds | ${circumstances.rounds}; the run took ${circumstances.minutes.toFixed(1)} minutes |

## The bars

${reports
  .flatMap(({ bars }) => bars)
  .map((bar) => `- ${barLine(bar)}`)
  .join('\n')}

${reports.map(section).join('\n\n')}
`
}

function section({ title, about, tables, charts }: Report): string {
  const parts = [
    `## ${title}`,
    about,
    ...tables.map((table) => `${table.caption}:\n\n${markdownTable(table)}`),
    ...charts.map((chart) => `![${chart.title}](benchmarks/${chart.file})`),
  ]
  return parts.join('\n\n')
}
