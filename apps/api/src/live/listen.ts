import { EventEmitter, on } from 'node:events'
import { TRPCError, tracked } from '@trpc/server'
import { isStaffRole, type LiveEvent, type Role } from '@vetcita/contracts'
import { type AppointmentChange, appointmentChanges, type Database, signedInBy } from '@vetcita/db'
import { fromDatabase, ProcedureError } from '../trpc/failures.ts'
import type { ChangeFeed } from './change-feed.ts'

/**
 * How often somebody who listens is asked about again: a session that ended and a lost role end the connection, another
 * role is told over it.
 */
const checkEveryMs = 1_000

/** Longer ago than this, looking at everything is less work than going through what changed. */
const resumableMs = 60_000

export type Listener = {
  db: Database
  feed: ChangeFeed
  clinic: string
  /** As what they began to listen. */
  role: Role
  /** Of the session that the connection was opened with. */
  token: string
  /** Where the client's last connection ended. */
  lastEventId: string | null
  /** The client is gone. */
  signal: AbortSignal
}

/**
 * Tells one member of a clinic's staff on which days something changed, until they hang up, lose their standing, or this
 * process stops. The last one ends without a word, upon which the client connects again and resumes.
 */
export async function* listen(listener: Listener) {
  const { db, feed, clinic, signal } = listener
  const close = await asProcedure(() => feed.open())
  const stop = new AbortController()
  const heard = new EventEmitter<{ event: [LiveEvent] }>()
  let role = listener.role
  const watch = setInterval(() => {
    roleNow(listener).then(
      (now) => {
        if (now !== role) heard.emit('event', standingEvent)
        role = now
      },
      (error: unknown) => stop.abort(error),
    )
  }, checkEveryMs)
  try {
    const ended = AbortSignal.any([signal, feed.closing, stop.signal])
    const events = on(heard, 'event', { signal: ended })
    const tell = (changes: readonly AppointmentChange[]) => {
      const event = changedEvent(clinic, changes)
      if (event !== null) heard.emit('event', event)
    }
    const lost = () => stop.abort(new ProcedureError('DATABASE_UNAVAILABLE'))
    feed.on('changes', tell).once('lost', lost)
    ended.addEventListener('abort', () => feed.off('changes', tell).off('lost', lost), { once: true })

    const missed = await asProcedure(() => missedSince(db, listener.lastEventId))
    const greeting = missed === null ? readyEvent : changedEvent(clinic, missed)
    if (greeting !== null) yield tracked(feed.position, greeting)
    for await (const [event] of events) yield tracked(feed.position, event)
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    clearInterval(watch)
    close()
  }
}

const readyEvent: LiveEvent = { kind: 'ready' }
const standingEvent: LiveEvent = { kind: 'standing' }

function changedEvent(clinic: string, changes: readonly AppointmentChange[]): LiveEvent | null {
  const dates = new Set<string>()
  for (const { tenantId, dayBefore, dayAfter } of changes) {
    if (tenantId !== clinic) continue
    if (dayBefore !== null) dates.add(dayBefore)
    if (dayAfter !== null) dates.add(dayAfter)
  }
  return dates.size === 0 ? null : { kind: 'changed', clinic, dates: [...dates].sort() }
}

/** What changed since a client's last connection; null where that is not known, or too long ago. */
async function missedSince(db: Database, lastEventId: string | null): Promise<AppointmentChange[] | null> {
  const at = lastEventId === null ? Number.NaN : Date.parse(lastEventId)
  if (lastEventId === null || Number.isNaN(at) || Math.abs(Date.now() - at) > resumableMs) return null
  return appointmentChanges(db, lastEventId)
}

/** What who listens is by now; throws where they are nobody, or not of the clinic's staff. */
async function roleNow({ db, token, clinic }: Listener): Promise<Role> {
  const caller = await asProcedure(() => signedInBy(db, token, clinic))
  if (caller === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  const role = caller.membership?.role ?? null
  if (role === null) throw new ProcedureError('NOT_A_MEMBER')
  if (!isStaffRole(role)) throw new ProcedureError('NOT_STAFF')
  return role
}

/** A subscription's failures reach the client as a procedure's do. */
async function asProcedure<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw fromDatabase(error) ?? error
  }
}
