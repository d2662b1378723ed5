import { tcpProxy } from '@vetcita/testing/tcp-proxy'

/** A connection to a server that can fail silently: nothing passes, and the browser is not informed. */
export type DeadLine = {
  url: string
  die(): void
  /** Cuts the connections that were open, and lets new ones through. */
  heal(): void
  close(): Promise<void>
}

/** Starts a proxy between a browser and the server that can behave like a network which drops all packets. */
export async function deadLine(target: string): Promise<DeadLine> {
  let isDead = false
  const proxy = await tcpProxy(target, ({ client, server }) => {
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      from.on('data', (data) => {
        if (!isDead) to.write(data)
      })
      from.on('end', () => {
        if (!isDead) to.end()
      })
    }
  })
  return {
    url: new URL(proxy.url).origin,
    die: () => {
      isDead = true
    },
    heal: () => {
      for (const { client } of proxy.wires) client.destroy()
      isDead = false
    },
    close: proxy.close,
  }
}
