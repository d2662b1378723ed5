import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { buildApps } from './build.ts'
import { startProduct } from './product.ts'

/** Builds the apps and starts the product once for all journeys, which find its address in the environment. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  await buildApps()
  process.env.MAIL_FOLDER = await mkdtemp(path.join(tmpdir(), 'vetcita-mails-'))
  const product = await startProduct()
  process.env.VETCITA_E2E_URL = product.url
  process.env.VETCITA_E2E_DATABASE = product.ownerUrl
  return product.stop
}
