import process from 'node:process'
import type { Target } from '../database.ts'
import type { Check } from '../output.ts'

export const environments = ['production', 'staging', 'development'] as const

export type Environment = (typeof environments)[number]

const local = new Set(['localhost', '127.0.0.1', '::1'])

/**
 * Which environment a database address means, by the guide's patterns: `db.xxx.supabase.co` is production,
 * `db.yyy-staging.supabase.co` staging, `localhost` development. A server of your own is named by the variable
 * VETCITA_ENVIRONMENT; without it, it is unknown.
 */
export function environmentOf(
  { config: { host, user } }: Target,
  env: NodeJS.ProcessEnv = process.env,
): Environment | 'unknown' {
  const named = environments.find((name) => name === env.VETCITA_ENVIRONMENT)
  if (named !== undefined) return named
  if (local.has(host) || host.startsWith('/')) return 'development'
  // Behind the platform's pooler the project's name is in the user's.
  if (/(^|[.-])staging([.-]|$)/.test(host) || /[.-]staging$/.test(user)) return 'staging'
  if (/\.supabase\.(co|com)$/.test(host)) return 'production'
  return 'unknown'
}

/**
 * Judges where the addresses point: both at one environment, and at the expected one if any.
 *
 * @param apiTarget where the API logs in, where that is another address
 */
export function environmentChecks(
  target: Target,
  apiTarget: Target | undefined,
  expected: Environment | undefined,
): Check[] {
  const found = environmentOf(target)
  const ofApi = apiTarget === undefined ? found : environmentOf(apiTarget)
  const checks: Check[] = []
  if (expected !== undefined)
    checks.push(
      found === expected
        ? { name: `This is ${found}, as expected`, verdict: 'ok' }
        : {
            name: `This is ${found}, not ${expected}`,
            verdict: 'failed',
            detail: 'check DATABASE_URL and DIRECT_URL; VETCITA_ENVIRONMENT names a server of your own',
          },
    )
  if (ofApi !== found)
    checks.push({
      name: `DATABASE_URL is ${ofApi}, and DIRECT_URL ${found}`,
      verdict: ofApi === 'unknown' || found === 'unknown' ? 'warning' : 'failed',
      detail: 'the migrations would go to another place than the API',
    })
  const [database, apiDatabase] = [target, apiTarget ?? target].map(({ config }) => config.database)
  if (database !== apiDatabase)
    checks.push({
      name: `DATABASE_URL names the database ${apiDatabase}, and DIRECT_URL ${database}`,
      verdict: 'warning',
      detail: 'a pooler may call it otherwise',
    })
  return checks
}
