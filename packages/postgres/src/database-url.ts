/** Returns the same server's URL for another database, and for another user if one is named. */
export function databaseUrl(serverUrl: string, database: string, user?: string, password?: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${encodeURIComponent(database)}`
  if (user !== undefined) {
    url.username = encodeURIComponent(user)
    url.password = encodeURIComponent(password ?? '')
  }
  return url.href
}
