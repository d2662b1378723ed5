import { appointmentStatus, type BookErrorCode, type BookSuccess, bookErrorCodes } from '@vetcita/contracts'
import { z } from 'zod'
import type { Database } from '../client.ts'
import { momentColumn, wallTime } from '../clinic-time.ts'
import { Prisma } from '../generated/client.ts'
import { withRetry } from '../retry.ts'
import { oneRow, type Refusal, refusal } from './outcome.ts'

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

const row = z.object({
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
  const zone = Prisma.sql`${booking.timeZone}::text`
  const rows = await withRetry(
    () => db.$queryRaw`
      select outcome,
        ${wallTime(Prisma.sql`(outcome ->> 'start_time')::timestamptz`, zone)} as starts,
        ${wallTime(Prisma.sql`(outcome ->> 'end_time')::timestamptz`, zone)} as ends
      from book_appointment_atomic(
        ${booking.tenantId}::text, ${booking.petId}::uuid, ${booking.serviceId}::uuid, ${booking.vetId}::uuid,
        ${booking.startTime}::timestamptz, ${booking.durationMinutes ?? null}::integer,
        ${booking.reason ?? null}::text, ${booking.notes ?? null}::text, ${booking.bookedBy ?? null}::uuid,
        ${booking.idempotencyKey ?? null}::text
      ) as called (outcome)`,
    { repeatable: booking.idempotencyKey !== undefined },
  )
  const { outcome, starts, ends } = oneRow(row, rows)
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
