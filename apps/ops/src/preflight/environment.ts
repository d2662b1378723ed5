import process from 'node:process'
import type { Target } from '../database.ts'
import type { Check } from '../output.ts'

export const environments = ['production', 'staging', 'development'] as const

export type Environment = (typeof environments)[number]

const local = new Set(['localhost', '127.0.0.1', '::1'])

/**
 * Returns the environment of a database address, by the guide's patterns: `db.xxx.supabase.co` is production,
 * `db.yyy-staging.supabase.co` staging, `localhost` development. Any other server is what VETCITA_ENVIRONMENT says, or
 * unknown.
 */
export function environmentOf(
  { config: { host, user } }: Target,
  env: NodeJS.ProcessEnv = process.env,
): Environment | 'unknown' {
  const named = environments.find((name) => name === env.VETCITA_ENVIRONMENT)
  if (named !== undefined) return named
  if (local.has(host) || host.startsWith('/')) return 'development'
  // behind the platform's pooler, the user's name contains the project's
  if (/(^|[.-])staging([.-]|$)/.test(host) || /[.-]staging$/.test(user)) return 'staging'
  if (/\.supabase\.(co|com)$/.test(host)) return 'production'
  return 'unknown'
}

/**
 * Checks that both addresses point to the same environment, and to the expected one if any.
 *
 * @param apiTarget the API's address, if it differs
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
            detail: 'check DATABASE_URL and DIRECT_URL; VETCITA_ENVIRONMENT names your own server',
          },
    )
  if (ofApi !== found)
    checks.push({
      name: `DATABASE_URL is ${ofApi}, and DIRECT_URL ${found}`,
      verdict: ofApi === 'unknown' || found === 'unknown' ? 'warning' : 'failed',
      detail: 'the migrations would go to a database that the API does not use',
    })
  const [database, apiDatabase] = [target, apiTarget ?? target].map(({ config }) => config.database)
  if (database !== apiDatabase)
    checks.push({
      name: `DATABASE_URL names the database ${apiDatabase}, and DIRECT_URL ${database}`,
      verdict: 'warning',
      detail: 'a pooler may use another name for it',
    })
  return checks
}
