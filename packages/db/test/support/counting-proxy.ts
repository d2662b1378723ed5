import net from 'node:net'

/** A proxy in front of a server that counts how often a client asks and waits. */
export type CountingProxy = {
  /** The given address, through the proxy. */
  url: string
  /** Round trips since the last call. */
  roundTrips(): number
  close(): Promise<void>
}

/**
 * Counts what ends a client's turn in PostgreSQL's protocol: `Q`, a simple query, and `S`, the sync after an extended
 * one. The first message of a connection has no type and is none.
 */
export async function countingProxy(serverUrl: string): Promise<CountingProxy> {
  const target = new URL(serverUrl)
  const sockets = new Set<net.Socket>()
  let turns = 0
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname)
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
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  const url = new URL(serverUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    roundTrips: () => {
      const counted = turns
      turns = 0
      return counted
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
