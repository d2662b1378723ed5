import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { z } from 'zod'

/** The secrets that this clone generated on its first start. */
export type Secrets = { authSecret: string; ownerPassword: string; apiPassword: string }

const file = path.join(repositoryRoot, '.vetcita/secrets.json')
const known = z
  .object({ authSecret: z.string(), ownerPassword: z.string(), apiPassword: z.string() })
  .partial()

/** Reads `.vetcita/secrets.json` (mode 0600, ignored by git) and generates the secrets that it lacks. */
export async function localSecrets(): Promise<Secrets> {
  const kept = await read()
  const secrets: Secrets = {
    authSecret: kept.authSecret ?? randomBytes(32).toString('base64url'),
    ownerPassword: kept.ownerPassword ?? randomBytes(24).toString('base64url'),
    apiPassword: kept.apiPassword ?? randomBytes(24).toString('base64url'),
  }
  await mkdir(path.dirname(file), { recursive: true })
  const partial = `${file}.${process.pid}`
  await writeFile(partial, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, file)
  return secrets
}

async function read(): Promise<z.infer<typeof known>> {
  try {
    return known.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return {}
  }
}
