import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'

/** What this clone made up for itself on its first start, and keeps. */
export type Secrets = { authSecret: string; ownerPassword: string; apiPassword: string }

const file = path.join(repositoryRoot, '.vetcita/secrets.json')

/** Reads `.vetcita/secrets.json` (mode 0600, ignored by git), making up whatever it lacks. */
export async function localSecrets(): Promise<Secrets> {
  const known = await read()
  const secrets: Secrets = {
    authSecret: known.authSecret ?? randomBytes(32).toString('base64url'),
    ownerPassword: known.ownerPassword ?? randomBytes(24).toString('base64url'),
    apiPassword: known.apiPassword ?? randomBytes(24).toString('base64url'),
  }
  await mkdir(path.dirname(file), { recursive: true })
  const partial = `${file}.${process.pid}`
  await writeFile(partial, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  await rename(partial, file)
  return secrets
}

async function read(): Promise<Partial<Secrets>> {
  try {
    const told: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (typeof told !== 'object' || told === null) return {}
    return Object.fromEntries(Object.entries(told).filter(([, value]) => typeof value === 'string'))
  } catch {
    return {}
  }
}
