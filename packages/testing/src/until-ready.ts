import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/**
 * Waits up to half a minute until a starting server accepts a connection.
 *
 * @throws the last connection error
 */
export async function untilReady(url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; ) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(50)
    }
  }
}
