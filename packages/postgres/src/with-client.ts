import { readAddress } from '@vetcita/connection/address'
import pg from 'pg'

/**
 * Connects to a database, runs `work` and closes the connection, whether `work` succeeds or fails.
 *
 * @throws whatever the connection or `work` throws
 */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(readAddress(url).config)
  // A server that goes away makes the current or the next query fail; without a listener it would end the process.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
