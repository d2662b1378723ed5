import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/**
 * The long proofs of `pnpm test:full`: every way and every mixture on every server, and the sizes that the documentation's
 * numbers come from. One file after another, so that no test slows down what another one measures.
 */
const { test } = shared

export default mergeConfig(
  { test: { ...test, include: ['test/full/**/*.test.ts'], outputFile: { json: 'test-results/full.json' } } },
  defineConfig({
    test: {
      globalSetup: ['test/support/setup.ts'],
      fileParallelism: false,
      isolate: false,
      testTimeout: 180_000,
    },
  }),
)
