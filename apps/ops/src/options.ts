import { InvalidArgumentError } from '@commander-js/extra-typings'

/** Returns a parser for an option whose value is a whole number within bounds. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
    return value
  }
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Parses `15m`, `90s`, `1h` into milliseconds. */
export function duration(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  const unit = units[found?.[2] ?? '']
  if (unit === undefined) throw new InvalidArgumentError('It must be a duration such as 15m, 90s or 1h.')
  return Number(found?.[1]) * unit
}
