/** A median with its spread: the lowest and the highest of the rounds. */
export type Figure = { median: number; low: number; high: number }

export function figure(values: readonly number[]): Figure {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [a = Number.NaN, b = Number.NaN] =
    sorted.length % 2 === 1 ? [sorted[middle], sorted[middle]] : [sorted[middle - 1], sorted[middle]]
  return { median: (a + b) / 2, low: sorted[0] ?? Number.NaN, high: sorted.at(-1) ?? Number.NaN }
}

/**
 * Round by round, one of the other: what slows the machine down for a while slows both, so these say more than the ratio
 * of two medians.
 */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, round) => value / (others[round] ?? Number.NaN))
}

/** A number for people: three digits that matter. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function withSpread({ median, low, high }: Figure): string {
  return `${short(median)} (${short(low)}–${short(high)})`
}

/** A promise about a ratio or a number, and what the run gave; `why` is told where it is missed. */
export type Bar = { sentence: string; value: number; wanted: string; passed: boolean; why?: string }

export function atLeast(sentence: string, value: number, bound: number, why?: string): Bar {
  return {
    sentence,
    value,
    wanted: `≥ ${bound}`,
    passed: value >= bound,
    ...(why === undefined ? {} : { why }),
  }
}

export function atMost(sentence: string, value: number, bound: number, why?: string): Bar {
  return {
    sentence,
    value,
    wanted: `≤ ${bound}`,
    passed: value <= bound,
    ...(why === undefined ? {} : { why }),
  }
}
