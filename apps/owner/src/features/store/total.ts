import type { CartLine } from '@vetcita/contracts'

/** Returns what a cart costs, without the lines that are no longer sold. */
export function totalOf(lines: readonly CartLine[]): number {
  return lines.reduce((sum, line) => sum + (line.available ? (line.unitPrice ?? 0) * line.quantity : 0), 0)
}
