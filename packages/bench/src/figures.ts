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
 * Returns the ratio of each round's value to the other's. A slow spell of the machine slows both, so these are more
 * reliable than the ratio of two medians.
 */
export function ratios(values: readonly number[], others: readonly number[]): number[] {
  return values.map((value, round) => value / (others[round] ?? Number.NaN))
}

/** Formats a number with three significant digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}

export function withSpread({ median, low, high }: Figure): string {
  return `${short(median)} (${short(low)}–${short(high)})`
}

/** A bound on a ratio or number, and the run's value; `why` explains a miss. */
export type Bar = { sentence: string; value: number; required: string; passed: boolean; why?: string }

export function atLeast(sentence: string, value: number, bound: number, why?: string): Bar {
  return {
    sentence,
    value,
    required: `≥ ${bound}`,
    passed: value >= bound,
    ...(why === undefined ? {} : { why }),
  }
}

export function atMost(sentence: string, value: number, bound: number, why?: string): Bar {
  return {
    sentence,
    value,
    required: `≤ ${bound}`,
    passed: value <= bound,
    ...(why === undefined ? {} : { why }),
  }
}
