import { defineConfig } from '@playwright/test'
import journeys from './playwright.config.ts'

const desk = { viewport: { width: 1280, height: 800 } }

/** The journeys tagged @full and the measurements in `tests/full`, one after another on an otherwise idle machine. */
export default defineConfig({
  ...journeys,
  testIgnore: [],
  grepInvert: [],
  reporter: [['list'], ['json', { outputFile: 'test-results/full.json' }]],
  projects: [
    { name: 'measurements', testDir: 'tests/full', use: desk },
    { name: 'desk', grep: /@full/, use: desk },
  ],
  workers: 1,
  // another program may have been busy at that moment
  retries: 2,
})
