import process from 'node:process'

const passwordInUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)[^\s@]+(?=@)/gi

/**
 * A text without passwords: for whatever another program, a server or a library says, which may repeat what it was told.
 * Struck out are the password of any URL in it, and wherever they stand the passwords that this process was given; but
 * not one that is also the user's or the database's name, for that would strike out half of a page and hide nothing.
 */
export function withoutSecrets(text: string, env: NodeJS.ProcessEnv = process.env): string {
  let safe = text.replace(passwordInUrl, '$1***')
  for (const secret of secretsOf(env)) safe = safe.replaceAll(secret, '***')
  return safe
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
