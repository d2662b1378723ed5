import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/**
 * Waits until a server that is starting takes a connection, for half a minute.
 * @throws the last refusal
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
