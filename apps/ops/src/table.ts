/** A value as psql prints it. */
export type Cell = string | number | null

/**
 * Formats rows as psql does: columns separated by `|`, centred headings, numbers on the right, lines in a cell continued
 * with `+`, and the number of rows below.
 */
export function formatTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) =>
    columns.map((_, at) => (row[at] === null ? '' : String(row[at])).split('\n')),
  )
  const widths = columns.map((column, at) =>
    Math.max(column.length, ...cells.flatMap((row) => (row[at] ?? []).map((line) => line.length))),
  )
  const lines = [
    columns.map((column, at) => ` ${centred(column, widths[at] ?? 0)} `).join('|'),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
  ]
  rows.forEach((row, rowAt) => {
    const height = Math.max(1, ...(cells[rowAt] ?? []).map((cell) => cell.length))
    for (let line = 0; line < height; line += 1) {
      lines.push(
        widths
          .map((width, at) => {
            const cell = cells[rowAt]?.[at] ?? []
            const text = cell[line] ?? ''
            const padded = typeof row[at] === 'number' ? text.padStart(width) : text.padEnd(width)
            return ` ${padded}${line < cell.length - 1 ? '+' : ' '}`
          })
          .join('|'),
      )
    }
  })
  lines.push(`(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`)
  return lines.map((line) => line.trimEnd()).join('\n')
}

function centred(text: string, width: number): string {
  return text.padStart(text.length + Math.floor((width - text.length) / 2)).padEnd(width)
}
