import type { CartLine } from '@vetcita/contracts'

/** What a cart costs: the lines that are still sold. */
export function totalOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + (line.available ? (line.unitPrice ?? 0) * line.quantity : 0), 0)
}
