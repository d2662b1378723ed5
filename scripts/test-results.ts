import { readFile } from 'node:fs/promises'

/** What a package's tests came to. */
export type Tally = { passed: number; failed: number; skipped: number }

/**
 * Reads a results file of Vitest's or Playwright's JSON reporter. A file that says that the run failed although no
 * single test did (a test file that cannot be loaded, an error outside of any test) counts as one failure.
 *
 * @returns undefined where there is no such file, or it is neither
 */
export async function readTally(file: string): Promise<Tally | undefined> {
  let told: unknown
  try {
    told = JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
  if (typeof told !== 'object' || told === null) return undefined
  if ('stats' in told) return playwrightTally(told)
  const passed = count(told, 'numPassedTests')
  const failed = count(told, 'numFailedTests')
  if (passed === undefined || failed === undefined) return undefined
  const broken = 'success' in told && told.success === false && failed === 0
  return {
    passed,
    failed: broken ? 1 : failed,
    skipped: (count(told, 'numPendingTests') ?? 0) + (count(told, 'numTodoTests') ?? 0),
  }
}

/** The line that ends a test run: `N passed, N failed`, and `, N skipped` where any were. */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`
}

/** Reads what {@link tallyLine} writes; undefined for any other line. */
export function readTallyLine(line: string): Tally | undefined {
  const [, passed, failed, skipped = '0'] =
    /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line.trim()) ?? []
  if (passed === undefined) return undefined
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) }
}

/** Adds tallies up. */
export function sum(tallies: Tally[]): Tally {
  return tallies.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  )
}

function playwrightTally(told: object & { stats: unknown }): Tally | undefined {
  if (typeof told.stats !== 'object' || told.stats === null) return undefined
  const expected = count(told.stats, 'expected')
  const unexpected = count(told.stats, 'unexpected')
  if (expected === undefined || unexpected === undefined) return undefined
  const broken = 'errors' in told && Array.isArray(told.errors) && told.errors.length > 0 && unexpected === 0
  return {
    // a flaky test passed in the end, when it was tried again
    passed: expected + (count(told.stats, 'flaky') ?? 0),
    failed: broken ? 1 : unexpected,
    skipped: count(told.stats, 'skipped') ?? 0,
  }
}

function count(object: object, name: string): number | undefined {
  const value: unknown = Object.entries(object).find(([key]) => key === name)?.[1]
  return typeof value === 'number' ? value : undefined
}
