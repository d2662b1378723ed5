import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AppointmentChange, appointmentChanges, type Database } from '@vetcita/db'
import type { FastifyBaseLogger } from 'fastify'

/** How often the database is asked what changed, while anybody listens. */
const pollEveryMs = 300

/** How far each question looks back behind the last answer: changes are seen when they are committed, out of order. */
const overlapMs = 5_000

/** After so long without an answer what happened meanwhile may have slipped out of that stretch. */
const lostAfterMs = overlapMs - 1_000

export type FeedEvents = {
  /** Changes of all clinics that nobody was told of yet. */
  changes: [changes: readonly AppointmentChange[]]
  /** Something may have been missed. */
  lost: []
}

/**
 * What changed in all clinics' calendars, for one process: one question to the database every 300 ms however many listen,
 * none while nobody does. Several processes ask each for themselves and need not know of each other.
 */
export class ChangeFeed extends EventEmitter<FeedEvents> {
  readonly #db: Database
  readonly #log: FastifyBaseLogger
  readonly #closing = new AbortController()
  readonly #seen = new Map<string, string>()
  #listeners = 0
  #since: string | null = null
  #running: Promise<void> | undefined
  #askedAt: number | undefined

  constructor(db: Database, log: FastifyBaseLogger) {
    super()
    this.setMaxListeners(0)
    this.#db = db
    this.#log = log
  }

  /** Aborted when this process stops; who listens then hangs up, and their client connects again elsewhere. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** The moment up to which everything has been told, ISO 8601: where a client may resume. */
  get position(): string {
    return this.#since ?? new Date(0).toISOString()
  }

  /**
   * Begins to listen; resolves once every later change will be told. Throws what the database failed with.
   * @returns ends it
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
    // What changed shortly before is on the screens that are asked for from now on.
    await this.#ask()
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  async #run(): Promise<void> {
    let isFailing = false
    while (this.#listeners > 0 && !this.closing.aborted) {
      try {
        await sleep(pollEveryMs, undefined, { signal: this.closing, ref: false })
        const fresh = await this.#ask()
        if (fresh.length > 0) this.emit('changes', fresh)
        isFailing = false
      } catch (error) {
        if (this.closing.aborted) return
        // once for each time that it goes away: whoever listens finds out by themselves
        if (!isFailing) this.#log.warn({ err: error }, 'live calendars could not ask what changed')
        isFailing = true
      }
    }
  }

  async #ask(): Promise<readonly AppointmentChange[]> {
    const now = performance.now()
    const changes = await appointmentChanges(this.#db, this.#since, overlapMs)
    const wasLost = this.#askedAt !== undefined && now - this.#askedAt > lostAfterMs
    this.#askedAt = now
    const fresh = changes.filter(({ eventId }) => !this.#seen.has(eventId))
    for (const { eventId, at } of fresh) this.#seen.set(eventId, at)
    const last = changes.at(-1)
    if (last !== undefined && (this.#since === null || last.at > this.#since)) this.#since = last.at
    this.#forget()
    if (wasLost) this.emit('lost')
    return fresh
  }

  /** Whatever the next answer cannot hold anymore. */
  #forget(): void {
    if (this.#since === null) return
    const from = Date.parse(this.#since) - 2 * overlapMs
    for (const [eventId, at] of this.#seen) if (Date.parse(at) < from) this.#seen.delete(eventId)
  }
}
