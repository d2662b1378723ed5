import { defineConfig } from '@playwright/test'
import journeys from './playwright.config.ts'

/** The long proofs of `pnpm test:full`: what is measured, one after the other on a machine that does nothing else. */
export default defineConfig(journeys, {
  testDir: 'tests/full',
  testIgnore: [],
  reporter: [['list'], ['json', { outputFile: 'test-results/full.json' }]],
  workers: 1,
  // something else may be at work on the machine at that moment
  retries: 2,
})
