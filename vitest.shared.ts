/**
 * What every package's tests share: results for `scripts/test.ts` to sum up, and time enough for a real database on
 * a busy machine. A plain object, so that the root needs no vitest of its own.
 */
export default {
  test: {
    include: ['test/**/*.test.{ts,tsx}', 'src/**/*.test.{ts,tsx}'],
    reporters: ['default', 'json'],
    outputFile: { json: 'test-results/results.json' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
}
