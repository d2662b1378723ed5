import type pg from 'pg'
import { z } from 'zod'
import { connect, databaseMessage, type Target } from '../database.ts'
import { type Answer, type Caller, type Callers, clientAt } from './caller.ts'
import type { LoadClinic } from './clinic.ts'

const answer = z.union([
  z.looseObject({ success: z.literal(true) }),
  z.object({ success: z.literal(false), error: z.string(), message: z.string() }),
])

/** Returns callers that call the functions directly as a trusted backend, each on its own connection. */
export async function databaseCallers(target: Target, clinic: LoadClinic, count: number): Promise<Callers> {
  const connections: pg.Client[] = []
  while (connections.length < count) {
    const batch = Math.min(20, count - connections.length)
    connections.push(...(await Promise.all(Array.from({ length: batch }, () => connect(target)))))
  }
  return {
    count,
    at: (place) => {
      const connection = connections[place % count]
      if (connection === undefined) throw new Error('There are no callers')
      return caller(connection, clinic)
    },
    close: async () => {
      await Promise.all(connections.map((connection) => connection.end()))
    },
  }
}

function caller(connection: pg.Client, clinic: LoadClinic): Caller {
  const call = async (sql: string, values: readonly unknown[]): Promise<Answer> => {
    try {
      const { rows } = await connection.query<{ answer: unknown }>(`select ${sql} as answer`, [...values])
      const parsed = answer.parse(rows[0]?.answer)
      return parsed.success
        ? { kind: 'success', data: parsed }
        : { kind: 'refused', code: parsed.error, message: parsed.message }
    } catch (error) {
      return { kind: 'error', message: databaseMessage(error) }
    }
  }
  return {
    book: (place, vet, start) => {
      const { petId, userId } = clientAt(clinic, place)
      return call(
        'public.book_appointment_atomic($1, $2, $3, $4, $5, null::int, null::text, null::text, $6)',
        [clinic.tenant, petId, clinic.service, vet, start, userId],
      )
    },
    move: (place, appointment, start, expectedVersion) =>
      call('public.reschedule_appointment_atomic($1, $2, $3, false, null::uuid, $4)', [
        appointment,
        start,
        clientAt(clinic, place).userId,
        expectedVersion,
      ]),
    merge: (place, items) =>
      call('public.merge_cart_atomic($1, $2, $3)', [
        clientAt(clinic, place).userId,
        clinic.tenant,
        JSON.stringify(items),
      ]),
  }
}
