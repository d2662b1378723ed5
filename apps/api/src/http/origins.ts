import type { Env } from '../env.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * Returns whether a browser may send a session's cookie from this origin: the public address and those that the
 * environment adds. If the public address is on this machine, every other loopback origin is trusted too, such as a
 * development server on another port.
 */
export function isTrustedOrigin(env: Pick<Env, 'PUBLIC_URL' | 'TRUSTED_ORIGINS'>, origin: string): boolean {
  if (origin === env.PUBLIC_URL || env.TRUSTED_ORIGINS.includes(origin)) return true
  return isLoopback(env.PUBLIC_URL) && isLoopback(origin)
}

/** Returns whether only this machine can open the address. */
export function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && loopback.includes(new URL(origin).hostname)
}
