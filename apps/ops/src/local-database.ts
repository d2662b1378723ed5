import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { repositoryRoot } from './migrations.ts'

const folder = path.join(repositoryRoot, '.vetcita')

/** The address of this clone's embedded database, as its owner; undefined before the first `pnpm start`. */
export function localDatabaseUrl(): string | undefined {
  const state = read('postgres/state.json', z.object({ port: z.number() }))
  const secrets = read('secrets.json', z.object({ ownerPassword: z.string() }))
  if (state === undefined || secrets === undefined) return undefined
  return `postgresql://vetcita_owner:${encodeURIComponent(secrets.ownerPassword)}@127.0.0.1:${state.port}/vetcita`
}

function read<T>(name: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path.join(folder, name), 'utf8'))).data
  } catch {
    return undefined
  }
}
