import process from 'node:process'

/**
 * The superuser's URL of the server that tests run on.
 *
 * @throws Error where Vitest was not told to prepare one.
 */
export function adminUrl(): string {
  const url = process.env.TEST_DATABASE_URL
  if (!url)
    throw new Error(
      `No test server: name '@vetcita/postgres/vitest-setup' in globalSetup of vitest.config.ts.`,
    )
  return url
}
