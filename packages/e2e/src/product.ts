import { randomBytes } from 'node:crypto'
import { seedDemo } from '@vetcita/db/demo/seed'
import { apiRole, freePort } from '@vetcita/postgres'
import { apiPassword, apiTemplate, type ScratchDatabase, scratchDatabase, testServer } from '@vetcita/testing'
import { type ApiProcess, startApi } from './api-process.ts'

/** The running product: both apps and the API on one port, and its own database with the demo data. */
export type Product = {
  /** `http://127.0.0.1:…`, without a slash at the end */
  url: string
  /** the database, as the owner of its tables, for setup and checks */
  ownerUrl: string
  /** Ends the API and drops the database. */
  stop(): Promise<void>
}

/**
 * Starts the API as a separate process on a free port, with the built apps ({@link ../build.ts}).
 *
 * @param now the demo's appointments are spread around this moment
 */
export async function startProduct(now: Date = new Date()): Promise<Product> {
  const server = await testServer()
  let database: ScratchDatabase | undefined
  let api: ApiProcess | undefined
  const stop = async () => {
    await api?.stop()
    await database?.drop()
    await server.stop()
  }
  try {
    database = await scratchDatabase(server.adminUrl, await apiTemplate(server.adminUrl))
    await seedDemo(database.ownerUrl, now)
    api = await startApi({
      port: await freePort(),
      databaseUrl: database.urlAs(apiRole, apiPassword),
      secret: randomBytes(32).toString('base64'),
    })
    return { url: api.url, ownerUrl: database.ownerUrl, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
