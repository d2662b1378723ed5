import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { repositoryRoot } from '@vetcita/postgres'
import { z } from 'zod'

/** How many tests passed, failed and were skipped, and a line about each that failed. */
export type Tally = { passed: number; failed: number; skipped: number; failures?: string[] }

const vitestResults = z
  .object({
    numPassedTests: z.number(),
    numFailedTests: z.number(),
    numPendingTests: z.number().default(0),
    numTodoTests: z.number().default(0),
    success: z.boolean(),
    testResults: z
      .array(
        z.object({
          name: z.string(),
          status: z.string(),
          message: z.string().default(''),
          assertionResults: z.array(
            z.object({
              fullName: z.string(),
              status: z.string(),
              failureMessages: z.array(z.string()).nullish(),
            }),
          ),
        }),
      )
      .default([]),
  })
  .transform((results) => ({
    passed: results.numPassedTests,
    failed: results.success ? results.numFailedTests : Math.max(1, results.numFailedTests),
    skipped: results.numPendingTests + results.numTodoTests,
    failures: results.testResults.flatMap(({ name, status, message, assertionResults }) => {
      const failed = assertionResults.filter((test) => test.status === 'failed')
      // A file that cannot be loaded has a message and no failed test.
      if (failed.length === 0) return status === 'failed' ? [failureLine(name, '', message)] : []
      return failed.map((test) => failureLine(name, test.fullName, test.failureMessages?.[0] ?? ''))
    }),
  }))

const playwrightSuite = z.object({
  specs: z
    .array(
      z.object({
        title: z.string(),
        file: z.string(),
        ok: z.boolean(),
        tests: z.array(
          z.object({
            results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
          }),
        ),
      }),
    )
    .optional(),
  get suites() {
    return z.array(playwrightSuite).optional()
  },
})
type PlaywrightSuite = z.output<typeof playwrightSuite>

const playwrightResults = z
  .object({
    stats: z.object({
      expected: z.number(),
      unexpected: z.number(),
      flaky: z.number().default(0),
      skipped: z.number().default(0),
    }),
    errors: z.array(z.object({ message: z.string().default('') })).default([]),
    suites: z.array(playwrightSuite).default([]),
  })
  .transform(({ stats, errors, suites }) => ({
    // a flaky test passed on a later attempt
    passed: stats.expected + stats.flaky,
    failed: errors.length > 0 ? Math.max(1, stats.unexpected) : stats.unexpected,
    skipped: stats.skipped,
    failures: [
      ...errors.map(({ message }) => failureLine('', '', message)),
      ...suites.flatMap(specsOf).flatMap(({ file, title, ok, tests }) => {
        const error = tests.flatMap(({ results }) => results).find((result) => result.error)?.error
        return ok ? [] : [failureLine(file, title, error?.message ?? '')]
      }),
    ],
  }))

function specsOf(suite: PlaywrightSuite): NonNullable<PlaywrightSuite['specs']> {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
}

const failureStart = 'FAILED '

/** One line: the file, the test, and the first line of what went wrong. */
function failureLine(file: string, test: string, message: string): string {
  const reason = stripVTControlCharacters(message).trim().split('\n')[0]?.slice(0, 300)
  const place = path.isAbsolute(file) ? path.relative(repositoryRoot, file) : file
  return failureStart + [place, test, reason].filter(Boolean).join(' | ')
}

/** Whether a line of a test run's output was made for a failed test, and so belongs into the summary. */
export function isFailureLine(line: string): boolean {
  return line.startsWith(failureStart)
}

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
