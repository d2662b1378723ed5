import type { ClientBase } from 'pg'

/** How many statements a connection keeps prepared: lists of varying length make ever new ones. */
const most = 500

/**
 * Names for statements, so that a server parses and plans each once per connection instead of once per call.
 *
 * Only where connections go straight to the server. A pooler in between lends each transaction another server connection,
 * which has never heard of the name (PgBouncer before 1.21). It gives itself away: the process id that it tells a client
 * is not that of the server's process.
 */
export class StatementNames {
  #direct = true
  readonly #names = new Map<string, string>()

  /** @param serverPid what `pg_backend_pid()` answered on this connection */
  connected(client: ClientBase, serverPid: number | undefined): void {
    if (!('processID' in client) || client.processID !== serverPid) this.#direct = false
  }

  /** The name of a statement, or '' where it is to have none. */
  of(sql: string): string {
    if (!this.#direct) return ''
    const known = this.#names.get(sql)
    if (known !== undefined || this.#names.size >= most) return known ?? ''
    const name = `vetcita_${this.#names.size}`
    this.#names.set(sql, name)
    return name
  }
}
