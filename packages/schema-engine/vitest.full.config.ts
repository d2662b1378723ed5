import { defineConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/** The long tests of `pnpm test:full`: the commands of Prisma's CLI for development. */
export default defineConfig({
  test: {
    ...shared.test,
    include: ['test/full/**/*.test.ts'],
    outputFile: { json: 'test-results/full.json' },
    globalSetup: ['@vetcita/testing/vitest-setup'],
    testTimeout: 180_000,
  },
})
