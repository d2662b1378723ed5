import process from 'node:process'

/**
 * Returns the superuser's URL of the server that tests run on.
 *
 * @throws Error if Vitest was not configured to prepare one
 */
export function adminUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url)
    throw new Error(`No test server: add '@vetcita/testing/vitest-setup' to globalSetup in vitest.config.ts.`)
  return url
}
