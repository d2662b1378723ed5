import type { Bar } from './figures.ts'

export type Table = { head: readonly string[]; rows: ReadonlyArray<readonly string[]> }

/** One line of a chart: a value for each position on the x axis. */
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

/** The results of one family of measurements. */
export type Report = {
  title: string
  about: string
  tables: ReadonlyArray<Table & { caption: string }>
  charts: readonly Chart[]
  bars: readonly Bar[]
}

/** How thoroughly to measure; `say` receives progress. */
export type Effort = { quick: boolean; rounds: number; say: (sentence: string) => void }

export function markdownTable({ head, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
