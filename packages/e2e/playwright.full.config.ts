import { defineConfig } from '@playwright/test'
import journeys from './playwright.config.ts'

/** The measurements of `pnpm test:full`, one after another on an otherwise idle machine. */
export default defineConfig(journeys, {
  testDir: 'tests/full',
  testIgnore: [],
  reporter: [['list'], ['json', { outputFile: 'test-results/full.json' }]],
  workers: 1,
  // another program may have been busy at that moment
  retries: 2,
})
