/** A pseudo-random generator (mulberry32): the same seed repeats a failing test. */
export type Random = {
  /** Returns an integer from 0 to `bound - 1`. */
  below(bound: number): number
  /** Returns one of the choices. */
  pick<T>(choices: readonly T[]): T
}

export function random(seed: number): Random {
  let state = seed >>> 0
  const below = (bound: number) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound)
  }
  return {
    below,
    pick: (choices) => {
      const choice = choices[below(choices.length)]
      if (choice === undefined) throw new Error('nothing to pick from')
      return choice
    },
  }
}
