import { normalizeIP } from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { HttpRefusal } from './http-errors.ts'

/** Counts by address; an address whose count is back at 0 is forgotten. */
class Counts {
  readonly #counts = new Map<string, number>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Counts one more at an address and returns how to uncount it; null if the limit is reached. */
  add(address: string): (() => void) | null {
    const key = normalizeIP(address)
    const count = this.#counts.get(key) ?? 0
    if (count >= this.#limit) return null
    this.#counts.set(key, count + 1)
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      const left = (this.#counts.get(key) ?? 1) - 1
      if (left === 0) this.#counts.delete(key)
      else this.#counts.set(key, left)
    }
  }
}

/**
 * Limits the connections of one address, and the requests of one client whose bodies have not arrived. Neither is counted
 * by `admit`, so that nobody can take the places of others by being slow; this keeps them from taking the memory.
 *
 * @param limit of each; 0 for no limit
 * @param isBehindProxy all connections are then the proxy's, and only requests are counted
 */
export function limitOpen(app: FastifyInstance, limit: number, isBehindProxy: boolean): void {
  if (limit === 0) return
  if (!isBehindProxy) {
    const connections = new Counts(limit)
    app.server.on('connection', (socket) => {
      const close = connections.add(socket.remoteAddress ?? '')
      if (close === null) socket.destroy()
      else socket.once('close', close)
    })
  }
  const unfinished = new Counts(limit)
  app.addHook('onRequest', async ({ raw, ip }, reply) => {
    const finish = unfinished.add(ip)
    if (finish === null) {
      reply.header('connection', 'close')
      throw new HttpRefusal(429, 'Too many requests of this client have not arrived yet')
    }
    raw.once('end', finish).once('close', finish)
  })
}
