import type { Env } from '../env.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/**
 * The origins from which a browser may send a session's cookie: the public address and those that the environment adds.
 * Where the public address is this machine's own, so are its other names and the ports of a development server.
 */
export function isTrustedOrigin(env: Pick<Env, 'PUBLIC_URL' | 'TRUSTED_ORIGINS'>, origin: string): boolean {
  if (origin === env.PUBLIC_URL || env.TRUSTED_ORIGINS.includes(origin)) return true
  return isLoopback(env.PUBLIC_URL) && isLoopback(origin)
}

/** An address that only this machine can open. */
export function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && loopback.includes(new URL(origin).hostname)
}
