import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { parseEnv } from 'node:util'

/**
 * Reads a folder's `.env`, if there is one, into the environment; what is set there already stays. Node's own
 * `process.loadEnvFile` takes the mark that some editors put before the first character for a part of the first name.
 */
export function loadEnvFile(folder: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = path.join(folder, '.env')
  if (!existsSync(file)) return
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ??= value
}
