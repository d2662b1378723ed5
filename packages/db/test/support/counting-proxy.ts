import { tcpProxy } from '@vetcita/testing/tcp-proxy'

/** A proxy in front of a server that counts a client's round trips. */
export type CountingProxy = {
  /** the given address, through the proxy */
  url: string
  /** Returns the round trips since the last call. */
  roundTrips(): number
  close(): Promise<void>
}

/**
 * Counts the messages that end a client's turn in PostgreSQL's protocol: `Q`, a simple query, and `S`, the sync after an
 * extended one. The first message of a connection has no type and does not count.
 */
export async function countingProxy(serverUrl: string): Promise<CountingProxy> {
  let turns = 0
  const proxy = await tcpProxy(serverUrl, ({ client, server }) => {
    let started = false
    let pending = Buffer.alloc(0)
    client.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk])
      for (;;) {
        const header = started ? 5 : 4
        if (pending.length < header) break
        const length = pending.readInt32BE(header - 4) + header - 4
        if (pending.length < length) break
        const type = started ? String.fromCharCode(pending[0] ?? 0) : ''
        if (type === 'Q' || type === 'S') turns += 1
        started = true
        pending = pending.subarray(length)
      }
    })
    client.pipe(server).pipe(client)
  })
  return {
    url: proxy.url,
    roundTrips: () => {
      const counted = turns
      turns = 0
      return counted
    },
    close: proxy.close,
  }
}
