import { type TcpProxy, tcpProxy, type Wire } from '@vetcita/testing/tcp-proxy'

/**
 * What happens to the server's answers from now on:
 * - `pass`: nothing
 * - `delay`: each is delivered so many milliseconds later
 * - `hold`: none is delivered, as if the network had failed silently
 * - `cut`: half of the answer is delivered, then the connection is reset
 * - `half-close`: half of the answer is delivered, then the server's side ends; it still receives
 */
export type Fault =
  | { kind: 'pass' }
  | { kind: 'delay'; milliseconds: number }
  | { kind: 'hold' | 'cut' | 'half-close'; only?: string }

export type FaultyProxy = Pick<TcpProxy, 'url' | 'close'> & {
  /**
   * Sets the fault for every connection, open ones included. With `only`, it applies once, to the answer to the next
   * statement whose text or parameters contain that string. Prefer a parameter: the text of a prepared statement is sent
   * only the first time.
   */
  set(fault: Fault): void
  /** Returns how many answers the fault has affected. */
  spoilt(): number
}

/** Starts a proxy that interferes with the server's answers. Requests always arrive, so the server does its work. */
export async function faultyProxy(serverUrl: string): Promise<FaultyProxy> {
  let fault: Fault = { kind: 'pass' }
  let spoilt = 0
  let marked: Wire | undefined
  const held = new Map<Wire, Buffer[]>()

  const isSpared = (wire: Wire) =>
    fault.kind === 'pass' || ('only' in fault && fault.only !== undefined && wire !== marked)

  const spoil = (wire: Wire, answer: Buffer) => {
    const { client } = wire
    const half = answer.subarray(0, Math.floor(answer.length / 2))
    spoilt += 1
    if (fault.kind === 'delay') setTimeout(() => client.write(answer), fault.milliseconds)
    else if (fault.kind === 'hold') held.set(wire, [...(held.get(wire) ?? []), answer])
    else if (fault.kind === 'half-close') client.end(half)
    else client.write(half, () => client.resetAndDestroy())
    if (fault.kind === 'cut' || fault.kind === 'half-close') {
      if (fault.only !== undefined) fault = { kind: 'pass' }
    }
  }

  const proxy = await tcpProxy(serverUrl, (wire) => {
    const { client, server } = wire
    client.on('data', (sent: Buffer) => {
      if (marked === undefined && 'only' in fault && fault.only !== undefined && sent.includes(fault.only))
        marked = wire
      server.write(sent)
    })
    client.on('end', () => server.end())
    server.on('data', (answer: Buffer) => {
      if (isSpared(wire)) client.write(answer)
      else spoil(wire, answer)
    })
    server.on('end', () => client.end())
    server.on('close', () => held.delete(wire))
  })
  return {
    url: proxy.url,
    close: proxy.close,
    spoilt: () => spoilt,
    set: (next) => {
      fault = next
      spoilt = 0
      marked = undefined
      if (next.kind !== 'pass') return
      for (const [{ client }, answers] of held) for (const answer of answers) client.write(answer)
      held.clear()
    },
  }
}
