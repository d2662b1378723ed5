import { createServer } from 'node:net'

/** Whether no program listens on this port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return (await listen(port)) !== undefined
}

/**
 * Returns a port of 127.0.0.1 on which no program listens now; another one may by the time it is used.
 *
 * @throws Error with one sentence if there is none
 */
export async function freePort(): Promise<number> {
  const port = await listen(0)
  if (port === undefined) throw new Error('No free port on 127.0.0.1: stop a program that listens there.')
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
