import type { Bar } from './figures.ts'

export type Table = { head: readonly string[]; rows: ReadonlyArray<readonly string[]> }

/** One line of a chart: a value for each place on the x axis. */
export type Series = { name: string; values: readonly number[] }

export type Chart = {
  file: string
  title: string
  x: readonly string[]
  xName: string
  yName: string
  kind: 'line' | 'bar'
  logarithmic?: boolean
  series: readonly Series[]
}

/** What one family of measurements came to. */
export type Report = {
  title: string
  about: string
  tables: ReadonlyArray<Table & { caption: string }>
  charts: readonly Chart[]
  bars: readonly Bar[]
}

/** What a family is given: how thoroughly to measure, and who wants to hear of it. */
export type Effort = { quick: boolean; rounds: number; say: (sentence: string) => void }

export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
