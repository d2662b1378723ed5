import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The session's token from a request's cookies, or null where there is none that we signed. The session library writes
 * the cookie (`token.signature`, HMAC-SHA-256 under its secret, in base64) and reads it itself at its own address; its
 * reader is not to be had without the lookups behind it, which are too slow for every call: see ADR 011.
 *
 * @param cookies a request's `cookie` header
 * @param cookie the session cookie's name and the secret that signs it
 */
export function sessionToken(
  cookies: string | undefined,
  cookie: { name: string; secret: string },
): string | null {
  const value = cookieValue(cookies ?? '', cookie.name)
  const end = value?.lastIndexOf('.') ?? -1
  if (value === null || end < 1) return null
  const token = value.slice(0, end)
  const signature = Buffer.from(value.slice(end + 1), 'base64')
  const expected = createHmac('sha256', cookie.secret).update(token).digest()
  return signature.length === expected.length && timingSafeEqual(signature, expected) ? token : null
}

/** The first cookie of that name, decoded; null where there is none or it is no text. */
function cookieValue(cookies: string, name: string): string | null {
  for (const part of cookies.split(';')) {
    const [key = '', ...rest] = part.split('=')
    if (key.trim() !== name) continue
    try {
      return decodeURIComponent(rest.join('=').trim())
    } catch {
      return null
    }
  }
  return null
}
