import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

export default mergeConfig(
  shared,
  // Each run of Prisma's CLI starts three processes, and a test has up to six runs.
  defineConfig({
    test: {
      exclude: ['test/full/**', '**/node_modules/**'],
      globalSetup: ['@vetcita/testing/vitest-setup'],
      testTimeout: 180_000,
    },
  }),
)
