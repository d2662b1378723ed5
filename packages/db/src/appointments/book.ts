import {
  appointmentStatus,
  type BookErrorCode,
  type BookSuccess,
  bookErrorCodes,
  staffRoles,
} from '@vetcita/contracts'
import { z } from 'zod'
import { type SignedIn, signedInColumns, signedInRow } from '../account/signed-in.ts'
import { Prisma } from '../generated/client.ts'
import type { Database } from '../sql/client.ts'
import { momentColumn, wallTime } from '../sql/clinic-time.ts'
import { oneRow, type Refusal, refusal } from '../sql/outcome.ts'
import { withRetry } from '../sql/retry.ts'

export type Booking = {
  tenantId: string
  petId: string
  serviceId: string
  vetId: string
  /** ISO 8601 with an offset. */
  startTime: string
  /** Staff may choose; otherwise the service's. */
  durationMinutes?: number | undefined
  reason?: string | undefined
  notes?: string | undefined
  /** The user who books; without it, the pet's owner. */
  bookedBy?: string | undefined
  idempotencyKey?: string | undefined
  /** The clinic's IANA zone, for the wall time in the answer. */
  timeZone: string
}

export type BookOutcome = BookSuccess | Refusal<BookErrorCode>

const answer = z.object({
  outcome: z.union([
    z.object({
      success: z.literal(true),
      appointment_id: z.string(),
      status: appointmentStatus,
      version: z.int(),
      replayed: z.boolean().default(false),
    }),
    refusal(bookErrorCodes),
  ]),
  starts: momentColumn.nullable(),
  ends: momentColumn.nullable(),
})

/**
 * Books through `book_appointment_atomic`: one round trip, all checks and the write in one transaction there.
 * With an idempotency key a lost connection is tried again too, since the key makes two attempts one booking; without
 * one the caller has to find out first.
 */
export async function bookAppointment(db: Database, booking: Booking): Promise<BookOutcome> {
  const rows = await withRetry(
    () => db.$queryRaw`
      select outcome, ${times(Prisma.sql`${booking.timeZone}::text`)}
      from ${call(Prisma.sql`${booking.tenantId}::text`, booking, Prisma.sql`${booking.bookedBy ?? null}::uuid`)}
        as called (outcome)`,
    { repeatable: booking.idempotencyKey !== undefined },
  )
  return toOutcome(oneRow(answer, rows))
}

export type SessionBooking = Omit<Booking, 'bookedBy' | 'timeZone'> & {
  /** The session's token; that its cookie was signed by us is checked before. */
  token: string
}

const sessionAnswers = z.array(
  signedInRow.extend({
    outcome: answer.shape.outcome.nullable(),
    starts: answer.shape.starts,
    ends: answer.shape.ends,
  }),
)

/**
 * Finds out who calls, as `signedInBy` does, and books for them in the same round trip: this is the call that many make at
 * one moment (docs/decisions/011).
 *
 * @returns null for a token that is nobody's. `outcome` is null where nothing was tried: for who has no profile at the
 * clinic, and for an owner who names a duration, which is for staff to choose.
 */
export async function bookBySession(
  db: Database,
  booking: SessionBooking,
): Promise<{ caller: SignedIn; outcome: BookOutcome | null } | null> {
  // "case" and not a join's condition: a join would call the function first and drop its row afterwards
  const rows = await withRetry(
    () => db.$queryRaw`
      select "user", standing, outcome, ${times(Prisma.sql`time_zone`)}
      from (
        select ${signedInColumns}, time_zone,
          case when role = any (${staffRoles}) or (role is not null and ${booking.durationMinutes === undefined})
            then ${call(Prisma.sql`clinic_id`, booking, Prisma.sql`user_id`)}
          end as outcome
        from login.signed_in(${booking.token}::text, ${booking.tenantId}::text)
      ) called`,
    { repeatable: booking.idempotencyKey !== undefined },
  )
  const [row] = sessionAnswers.parse(rows)
  if (row === undefined) return null
  const { outcome, starts, ends, ...caller } = row
  return { caller, outcome: outcome === null ? null : toOutcome({ outcome, starts, ends }) }
}

function call(
  tenantId: Prisma.Sql,
  booking: Omit<SessionBooking, 'token' | 'tenantId'>,
  bookedBy: Prisma.Sql,
): Prisma.Sql {
  return Prisma.sql`book_appointment_atomic(
    ${tenantId}, ${booking.petId}::uuid, ${booking.serviceId}::uuid, ${booking.vetId}::uuid,
    ${booking.startTime}::timestamptz, ${booking.durationMinutes ?? null}::integer,
    ${booking.reason ?? null}::text, ${booking.notes ?? null}::text, ${bookedBy}, ${booking.idempotencyKey ?? null}::text
  )`
}

/** When the booked appointment starts and ends, by the clinic's clock. */
function times(timeZone: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    ${wallTime(Prisma.sql`(outcome ->> 'start_time')::timestamptz`, timeZone)} as starts,
    ${wallTime(Prisma.sql`(outcome ->> 'end_time')::timestamptz`, timeZone)} as ends`
}

function toOutcome({ outcome, starts, ends }: z.output<typeof answer>): BookOutcome {
  if (!outcome.success) return outcome
  if (starts === null || ends === null) throw new Error('A booking succeeded without its times')
  return {
    success: true,
    appointmentId: outcome.appointment_id,
    startTime: starts.instant,
    endTime: ends.instant,
    localDate: starts.localDate,
    localTime: starts.localTime,
    status: outcome.status,
    version: outcome.version,
    replayed: outcome.replayed,
  }
}
