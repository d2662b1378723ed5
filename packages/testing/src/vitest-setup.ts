import process from 'node:process'
import { testServer } from './test-server.ts'

/**
 * Vitest's `globalSetup`: prepares a test server before the first test file and stops it after the last. Tests find its
 * URL with `adminUrl()`.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL
  const server = await testServer()
  process.env.TEST_DATABASE_URL = server.adminUrl
  return async () => {
    if (given === undefined) delete process.env.TEST_DATABASE_URL
    await server.stop()
  }
}
