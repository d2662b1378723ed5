import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** How many tests passed, failed and were skipped. */
export type Tally = { passed: number; failed: number; skipped: number }

const vitestResults = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number().default(0),
    numTodoTests: z.number().default(0),
    success: z.boolean(),
  })
  .transform((results) => ({
    passed: results.numPassedTests,
    failed: results.success ? results.numFailedTests : Math.max(1, results.numFailedTests),
    skipped: results.numPendingTests + results.numTodoTests,
  }))

const playwrightResults = z
  .object({
    stats: z.object({
      expected: z.number(),
      unexpected: z.number(),
      flaky: z.number().default(0),
      skipped: z.number().default(0),
    }),
    errors: z.array(z.unknown()).default([]),
  })
  .transform(({ stats, errors }) => ({
    // a flaky test passed on a later attempt
    passed: stats.expected + stats.flaky,
    failed: errors.length > 0 ? Math.max(1, stats.unexpected) : stats.unexpected,
    skipped: stats.skipped,
  }))

/**
 * Reads a results file of Vitest's or Playwright's JSON reporter. A run that failed although no single test did (a test
 * file that cannot be loaded, an error outside of any test) counts as one failure.
 *
 * @returns undefined if there is no such file or it has neither format
 */
export async function readTally(file: string): Promise<Tally | undefined> {
  try {
    return z.union([vitestResults, playwrightResults]).parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** Returns the last line of a test run: `N passed, N failed`, and `, N skipped` if any were. */
export function tallyLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}`
}

/** Parses a line written by {@link tallyLine}; returns undefined for any other line. */
export function readTallyLine(line: string): Tally | undefined {
  const [, passed, failed, skipped = '0'] =
    /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/.exec(line.trim()) ?? []
  if (passed === undefined) return undefined
  return { passed: Number(passed), failed: Number(failed), skipped: Number(skipped) }
}

/** Adds up tallies. */
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
