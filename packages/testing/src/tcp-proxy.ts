import net from 'node:net'

/** The two sides of one connection through a proxy. */
export type Wire = { client: net.Socket; server: net.Socket }

export type TcpProxy = {
  /** The server's address, through the proxy. */
  url: string
  /** The connections that are open now. */
  wires: ReadonlySet<Wire>
  /** Stops listening and cuts every connection. */
  close(): Promise<void>
}

/**
 * Starts a proxy on 127.0.0.1 in front of a server, for tests that observe or spoil the traffic.
 *
 * @param connect joins the two sides of a new connection; by default everything passes through
 */
export async function tcpProxy(
  serverUrl: string,
  connect: (wire: Wire) => void = ({ client, server }) => {
    client.pipe(server).pipe(client)
  },
): Promise<TcpProxy> {
  const target = new URL(serverUrl)
  const wires = new Set<Wire>()
  // a side that has ended may still receive
  const listener = net.createServer({ allowHalfOpen: true }, (client) => {
    const server = net.connect({
      port: Number(target.port || 5432),
      host: target.hostname,
      allowHalfOpen: true,
    })
    const wire = { client, server }
    wires.add(wire)
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        other.destroy()
        wires.delete(wire)
      })
    }
    connect(wire)
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  const url = new URL(serverUrl)
  url.hostname = '127.0.0.1'
  url.port = String(address.port)
  return {
    url: url.href,
    wires,
    close: async () => {
      for (const { client, server } of wires) {
        client.destroy()
        server.destroy()
      }
      await new Promise((resolve) => listener.close(resolve))
    },
  }
}
