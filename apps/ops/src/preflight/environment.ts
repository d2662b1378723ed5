import type { Target } from '../database.ts'

export const environments = ['production', 'staging', 'development'] as const

export type Environment = (typeof environments)[number]

const local = new Set(['localhost', '127.0.0.1', '::1', '[::1]'])

/**
 * Which environment a database address means, by the guide's patterns: `db.xxx.supabase.co` is production,
 * `db.yyy-staging.supabase.co` staging, `localhost` development. A server of your own is named by the variable
 * VETCITA_ENVIRONMENT; without it, it is unknown.
 */
export function environmentOf(
  { connection }: Target,
  env: NodeJS.ProcessEnv = process.env,
): Environment | 'unknown' {
  const named = environments.find((name) => name === env.VETCITA_ENVIRONMENT)
  if (named !== undefined) return named
  const { host = 'localhost', user = '' } = connection.config
  if (local.has(host) || host.startsWith('/')) return 'development'
  // Behind the platform's pooler the project's name is in the user's.
  if (/(^|[.-])staging([.-]|$)/.test(host) || /[.-]staging$/.test(user)) return 'staging'
  if (/\.supabase\.(co|com)$/.test(host)) return 'production'
  return 'unknown'
}
