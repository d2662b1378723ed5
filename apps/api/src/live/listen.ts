import { EventEmitter, on } from 'node:events'
import { TRPCError, tracked } from '@trpc/server'
import { isStaffRole, type LiveEvent, type Role } from '@vetcita/contracts'
import { type AppointmentChange, appointmentChanges, type Database, signedInBy } from '@vetcita/db'
import { fromDatabase, ProcedureError } from '../trpc/failures.ts'
import type { ChangeFeed } from './change-feed.ts'

/**
 * The milliseconds between two checks of a listener: an ended session and a lost role end the connection, a change of role
 * is reported over it.
 */
const CHECK_EVERY_MS = 1_000

/** After a longer break than this, reading everything again is less work than going through the changes. */
const RESUMABLE_MS = 60_000

export type Listener = {
  db: Database
  feed: ChangeFeed
  clinic: string
  /** Their role when the connection was opened. */
  role: Role
  /** The token of the session with which the connection was opened. */
  token: string
  /** The position at which the client's last connection ended, if it had one. */
  lastEventId: string | null
  /** Aborted when the client has gone. */
  signal: AbortSignal
}

/**
 * Yields to one member of a clinic's staff on which days something changed, until the client disconnects, the member loses
 * the role, or this process stops. The last ends the stream without an error, upon which the client reconnects and resumes.
 */
export async function* listen(listener: Listener) {
  const { db, feed, clinic, signal } = listener
  const close = await asProcedure(() => feed.open())
  const stop = new AbortController()
  const outgoing = new EventEmitter<{ event: [LiveEvent] }>()
  let role = listener.role
  const watch = setInterval(() => {
    roleNow(listener).then(
      (now) => {
        if (now !== role) outgoing.emit('event', membershipEvent)
        role = now
      },
      (error: unknown) => stop.abort(error),
    )
  }, CHECK_EVERY_MS)
  try {
    const ended = AbortSignal.any([signal, feed.closing, stop.signal])
    const events = on(outgoing, 'event', { signal: ended })
    const report = (changes: readonly AppointmentChange[]) => {
      const event = changedEvent(clinic, changes)
      if (event !== null) outgoing.emit('event', event)
    }
    const lost = () => stop.abort(new ProcedureError('DATABASE_UNAVAILABLE'))
    feed.on('changes', report).once('lost', lost)
    ended.addEventListener('abort', () => feed.off('changes', report).off('lost', lost), { once: true })

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
const membershipEvent: LiveEvent = { kind: 'membership' }

function changedEvent(clinic: string, changes: readonly AppointmentChange[]): LiveEvent | null {
  const dates = new Set<string>()
  for (const { tenantId, days } of changes) {
    if (tenantId !== clinic) continue
    for (const date of days) dates.add(date)
  }
  return dates.size === 0 ? null : { kind: 'changed', clinic, dates: [...dates].sort() }
}

/** Returns what changed since a client's last connection; null if that is unknown or too long ago. */
async function missedSince(db: Database, lastEventId: string | null): Promise<AppointmentChange[] | null> {
  const at = lastEventId === null ? Number.NaN : Date.parse(lastEventId)
  if (lastEventId === null || Number.isNaN(at) || Math.abs(Date.now() - at) > RESUMABLE_MS) return null
  return appointmentChanges(db, lastEventId)
}

/** Returns a listener's role by now; throws if the session has ended or they are no longer of the clinic's staff. */
async function roleNow({ db, token, clinic }: Listener): Promise<Role> {
  const caller = await asProcedure(() => signedInBy(db, token, clinic))
  if (caller === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  const role = caller.membership?.role ?? null
  if (role === null) throw new ProcedureError('NOT_A_MEMBER')
  if (!isStaffRole(role)) throw new ProcedureError('NOT_STAFF')
  return role
}

/** Throws database failures as a procedure does, so that a subscription reports them in the same way. */
async function asProcedure<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw fromDatabase(error) ?? error
  }
}
