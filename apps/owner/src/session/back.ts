/**
 * Reads where to go after signing in: a path of this app, or nothing. Another site's address (`//host`, `https:…`,
 * `/\host`) is dropped, since anyone can write such a link.
 */
export function parseBack(search: Record<string, unknown>): { back?: string } {
  const { back } = search
  return typeof back === 'string' && /^\/(?![/\\])/.test(back) ? { back } : {}
}
