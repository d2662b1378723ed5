import { createHmac, timingSafeEqual } from 'node:crypto'
import { parseCookie } from 'cookie'

/**
 * Returns the session's token from a request's cookies, or null if there is none that we signed. The session library
 * writes the cookie (`token.signature`, HMAC-SHA-256 under its secret, in base64). Its own reader is not available without
 * the lookups behind it, which are too slow for every call: see ADR 011.
 *
 * @param cookies a request's `cookie` header
 * @param cookie the session cookie's name and the secret that signs it
 */
export function sessionToken(
  cookies: string | undefined,
  cookie: { name: string; secret: string },
): string | null {
  const value = parseCookie(cookies ?? '')[cookie.name] ?? ''
  const end = value.lastIndexOf('.')
  if (end < 1) return null
  const token = value.slice(0, end)
  const signature = Buffer.from(value.slice(end + 1), 'base64')
  const expected = createHmac('sha256', cookie.secret).update(token).digest()
  return signature.length === expected.length && timingSafeEqual(signature, expected) ? token : null
}
