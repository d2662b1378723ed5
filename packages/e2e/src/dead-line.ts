import net from 'node:net'

/** A line to a server that can go dead: nothing comes through anymore, and nobody is told. */
export type DeadLine = {
  url: string
  die(): void
  /** What hung on the dead line is cut off; whoever connects from now on gets through. */
  heal(): void
  close(): Promise<void>
}

/** As a laptop that sleeps, or a network that swallows packets, stands between a browser and the server. */
export async function deadLine(target: string): Promise<DeadLine> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<net.Socket>()
  let isDead = false
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('data', (data) => {
        if (!isDead) other.write(data)
      })
      socket.on('error', () => socket.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        if (!isDead) other.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `http://127.0.0.1:${address.port}`,
    die: () => {
      isDead = true
    },
    heal: () => {
      cut()
      isDead = false
    },
    close: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
