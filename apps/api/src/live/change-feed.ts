import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AppointmentChange, appointmentChanges, type Database } from '@vetcita/db'
import type { FastifyBaseLogger } from 'fastify'

/** The milliseconds between two queries for changes, while there are listeners. */
const POLL_EVERY_MS = 300

/** How far each query looks back behind the last change seen: transactions do not commit in the order of their changes. */
const OVERLAP_MS = 5_000

/** After so long without an answer, a change may have been committed outside the overlap. */
const LOST_AFTER_MS = OVERLAP_MS - 1_000

export type FeedEvents = {
  /** Changes in any clinic that were not emitted before. */
  changes: [changes: readonly AppointmentChange[]]
  /** Something may have been missed. */
  lost: []
}

/**
 * Emits the changes in all clinics' calendars to the listeners of this process. It queries the database every 300 ms for
 * any number of listeners, and not at all for none. Each process polls for itself and need not know of others.
 */
export class ChangeFeed extends EventEmitter<FeedEvents> {
  readonly #db: Database
  readonly #log: FastifyBaseLogger
  readonly #closing = new AbortController()
  readonly #seen = new Map<string, string>()
  #listeners = 0
  #since: string | null = null
  #running: Promise<void> | undefined
  #polledAt: number | undefined

  constructor(db: Database, log: FastifyBaseLogger) {
    super()
    this.setMaxListeners(0)
    this.#db = db
    this.#log = log
  }

  /** Aborted when this process stops; listeners then end their streams, and the clients reconnect elsewhere. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** The moment up to which all changes have been emitted, ISO 8601, from which a client may resume. */
  get position(): string {
    return this.#since ?? new Date(0).toISOString()
  }

  /**
   * Adds a listener; resolves once every later change will be emitted. Rejects with the database's error.
   *
   * @returns a function that removes the listener
   */
  async open(): Promise<() => void> {
    this.#listeners += 1
    const close = () => {
      this.#listeners -= 1
    }
    try {
      if (this.#running === undefined) await this.#start()
    } catch (error) {
      close()
      throw error
    }
    return close
  }

  close(): void {
    this.#closing.abort()
  }

  async #start(): Promise<void> {
    // A client reads its screen after this, so it has seen all changes up to now.
    await this.#poll()
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    let isFailing = false
    while (this.#listeners > 0 && !this.closing.aborted) {
      try {
        await sleep(POLL_EVERY_MS, undefined, { signal: this.closing, ref: false })
        const fresh = await this.#poll()
        if (fresh.length > 0) this.emit('changes', fresh)
        isFailing = false
      } catch (error) {
        if (this.closing.aborted) return
        // logged once per outage; each listener notices it by its own checks
        if (!isFailing) this.#log.warn({ err: error }, 'live calendars could not query changes')
        isFailing = true
      }
    }
  }

  async #poll(): Promise<readonly AppointmentChange[]> {
    const now = performance.now()
    const changes = await appointmentChanges(this.#db, this.#since, OVERLAP_MS)
    const wasLost = this.#polledAt !== undefined && now - this.#polledAt > LOST_AFTER_MS
    this.#polledAt = now
    const fresh = changes.filter(({ eventId }) => !this.#seen.has(eventId))
    for (const { eventId, at } of fresh) this.#seen.set(eventId, at)
    const last = changes.at(-1)
    if (last !== undefined && (this.#since === null || last.at > this.#since)) this.#since = last.at
    this.#forget()
    if (wasLost) this.emit('lost')
    return fresh
  }

  /** Forgets the events that the next answer cannot contain any more. */
  #forget(): void {
    if (this.#since === null) return
    const from = Date.parse(this.#since) - 2 * OVERLAP_MS
    for (const [eventId, at] of this.#seen) if (Date.parse(at) < from) this.#seen.delete(eventId)
  }
}
