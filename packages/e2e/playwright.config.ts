import { defineConfig } from '@playwright/test'
import { chromiumArgs, findChromium } from './src/chromium.ts'

const { executablePath, env } = await findChromium()

/**
 * Journeys run at the width of a desktop; those tagged @phone also run at the width of a phone. `pnpm test:full` runs
 * those tagged @full, and the measurements in `tests/full`.
 */
export default defineConfig({
  testDir: 'tests',
  // measured by playwright.full.config.ts
  testIgnore: 'full/**',
  grepInvert: /@full/,
  outputDir: 'test-results/artifacts',
  globalSetup: './src/global-setup.ts',
  reporter: [['list'], ['json', { outputFile: 'test-results/results.json' }]],
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // generous, because a busy machine is not a failure of the product
  timeout: 120_000,
  expect: { timeout: 30_000 },
  use: {
    baseURL: process.env.VETCITA_E2E_URL ?? '',
    locale: 'es-PY',
    timezoneId: 'Europe/Madrid',
    actionTimeout: 30_000,
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    launchOptions: { executablePath, args: chromiumArgs, env: { ...process.env, ...env } },
  },
  projects: [
    { name: 'desk', use: { viewport: { width: 1280, height: 800 } } },
    { name: 'phone', grep: /@phone/, use: { viewport: { width: 390, height: 844 }, hasTouch: true } },
  ],
})
