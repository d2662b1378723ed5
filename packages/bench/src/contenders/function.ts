import pg from 'pg'
import { z } from 'zod'
import type { Contender, Wish } from '../contender.ts'
import { poolSize } from '../stage.ts'

const answer = z.tuple([
  z.object({ answer: z.object({ success: z.boolean(), error: z.string().optional() }) }),
])

function outcome(rows: unknown): 'booked' | 'refused' {
  const [{ answer: told }] = answer.parse(rows)
  if (!told.success && told.error !== 'SLOT_UNAVAILABLE') throw new Error(told.error)
  return told.success ? 'booked' : 'refused'
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
        return outcome(rows)
      },
      close: () => pool.end(),
    }
  },
}

function text({ clinic, client, vet, start }: Wish): string {
  const values = [clinic.tenant, client.petId, clinic.service, vet, start.toISOString()]
  return `select book_appointment_atomic(${values.map((value) => pg.escapeLiteral(value)).join(', ')},
    null, null, null, ${pg.escapeLiteral(client.userId)}) as answer`
}

/** The same by the simple protocol, as psql sends it: a text, parsed and planned each time. */
export const functionAsPsql: Contender = {
  name: 'function, as psql',
  place: 'main',
  open: async ({ apiUrl }) => {
    const pool = new pg.Pool({ connectionString: apiUrl, max: poolSize })
    return {
      book: async (wish) => outcome((await pool.query(text(wish))).rows),
      close: () => pool.end(),
    }
  },
}
