import type { ClientBase } from 'pg'

/** A limit, because lists of varying length make ever new statements. */
const MAX_PREPARED = 500

/**
 * Names statements, so that the server parses and plans each once per connection instead of once per call.
 *
 * It gives no names behind a connection pooler, which may run each transaction on another server connection, where the
 * name is unknown (PgBouncer before 1.21). A pooler is recognized by the process id that it reports to the client: it is
 * not the server process's.
 */
export class StatementNames {
  #direct = true
  readonly #names = new Map<string, string>()

  /** @param serverPid what `pg_backend_pid()` returned on this connection */
  connected(client: ClientBase, serverPid: number | undefined): void {
    if (!('processID' in client) || client.processID !== serverPid) this.#direct = false
  }

  /** Returns the statement's name, or '' if it is to have none. */
  of(sql: string): string {
    if (!this.#direct) return ''
    const known = this.#names.get(sql)
    if (known !== undefined || this.#names.size >= MAX_PREPARED) return known ?? ''
    const name = `vetcita_${this.#names.size}`
    this.#names.set(sql, name)
    return name
  }
}
