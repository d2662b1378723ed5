import process from 'node:process'
import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/** The long proofs of `pnpm test:full`: what is promised at a size that takes a while to make. */
const { test } = shared

export default mergeConfig(
  {
    test: {
      ...test,
      include: ['test/full/**/*.test.ts', 'test/fuzz.test.ts'],
      outputFile: { json: 'test-results/full.json' },
    },
  },
  defineConfig({
    test: {
      globalSetup: ['@vetcita/testing/vitest-setup'],
      fileParallelism: false,
      env: { VETCITA_FUZZ: process.env.VETCITA_FUZZ ?? '40' },
    },
  }),
)
