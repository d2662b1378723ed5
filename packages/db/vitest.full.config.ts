import { defineConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

/** The long tests of `pnpm test:full`: races of 500 callers. */
export default defineConfig({
  test: {
    ...shared.test,
    include: ['test/sql/races.test.ts'],
    outputFile: { json: 'test-results/full.json' },
    globalSetup: ['@vetcita/testing/vitest-setup'],
    env: { VETCITA_RACERS: '500' },
  },
})
