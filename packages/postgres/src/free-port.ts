import { createServer } from 'node:net'

/** Whether nothing listens on this port of 127.0.0.1 now. */
export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined
}

/**
 * A port of 127.0.0.1 on which nothing listens now; by the time it is used somebody else may.
 * @throws Error with one sentence where the system gives none
 */
export async function freePort(): Promise<number> {
  const port = await listen(0)
  if (port === undefined) throw new Error('No free port on 127.0.0.1: end a program that listens there.')
  return port
}

function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(undefined))
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address()
      const got = typeof address === 'object' && address !== null ? address.port : undefined
      probe.close(() => resolve(got))
    })
  })
}
