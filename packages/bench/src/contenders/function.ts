import pg from 'pg'
import { z } from 'zod'
import type { BookingRequest, Contender } from '../contender.ts'
import { poolSize } from '../stage.ts'

const answer = z.tuple([
  z.object({ answer: z.object({ success: z.boolean(), error: z.string().optional() }) }),
])

function outcomeOf(rows: unknown): 'booked' | 'refused' {
  const [{ answer: outcome }] = answer.parse(rows)
  if (!outcome.success && outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(outcome.error)
  return outcome.success ? 'booked' : 'refused'
}

/** `book_appointment_atomic` as one named statement of `pg`. */
export const functionThroughPg: Contender = {
  name: 'function, pg',
  place: 'main',
  open: async ({ apiUrl }) => {
    const pool = new pg.Pool({ connectionString: apiUrl, max: poolSize })
    return {
      book: async ({ clinic, client, vet, start }) => {
        const { rows } = await pool.query({
          name: 'book',
          text: 'select book_appointment_atomic($1, $2, $3, $4, $5, null, null, null, $6) as answer',
          values: [clinic.tenant, client.petId, clinic.service, vet, start, client.userId],
        })
        return outcomeOf(rows)
      },
      close: () => pool.end(),
    }
  },
}

function text({ clinic, client, vet, start }: BookingRequest): string {
  const values = [clinic.tenant, client.petId, clinic.service, vet, start.toISOString()]
  return `select book_appointment_atomic(${values.map((value) => pg.escapeLiteral(value)).join(', ')},
    null, null, null, ${pg.escapeLiteral(client.userId)}) as answer`
}

/** The same over the simple protocol, as psql sends it: a text that is parsed and planned each time. */
export const functionAsPsql: Contender = {
  name: 'function, as psql',
  place: 'main',
  open: async ({ apiUrl }) => {
    const pool = new pg.Pool({ connectionString: apiUrl, max: poolSize })
    return {
      book: async (request) => outcomeOf((await pool.query(text(request))).rows),
      close: () => pool.end(),
    }
  },
}
