import process from 'node:process'
import { redact } from '@vetcita/db/sql/redaction'

/**
 * Removes secrets from a text, as `redact` does, and also the passwords in this process's environment. A password that
 * equals the name of the user or the database stays: removing it would blank out half of the text and hide nothing.
 */
export function withoutSecrets(text: string, env: NodeJS.ProcessEnv = process.env): string {
  return redact(text, secretsOf(env))
}

function secretsOf(env: NodeJS.ProcessEnv): string[] {
  const secrets = [env.METRICS_TOKEN, env.PGPASSWORD]
  const open = new Set<string>()
  for (const url of [env.DIRECT_URL, env.DATABASE_URL]) {
    const [, user = '', password, database = ''] =
      /^\w+:\/\/([^:@/]*):(.*)@[^@/]*(?:\/([^?]*))?/s.exec(url ?? '') ?? []
    open.add(user).add(database)
    secrets.push(password, decoded(password))
  }
  return secrets
    .filter((secret) => secret !== undefined)
    .filter((secret) => secret.length >= 4 && !open.has(secret))
    .sort((a, b) => b.length - a.length)
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    return undefined
  }
}
