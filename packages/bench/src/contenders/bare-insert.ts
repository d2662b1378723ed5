import pg from 'pg'
import { type Contender, endOf } from '../contender.ts'
import { poolSize } from '../stage.ts'

/** The upper bound: one prepared insert into the same table, with its constraints, indexes and triggers. */
export const bareInsert: Contender = {
  name: 'bare insert',
  place: 'main',
  open: async ({ scratch }) => {
    const pool = new pg.Pool({ connectionString: scratch.ownerUrl, max: poolSize })
    return {
      book: async ({ clinic, client, vet, start }) => {
        // pool.query would close the connection after an error, and a refusal is an error here
        const connection = await pool.connect()
        try {
          await connection.query({
            name: 'insert',
            text: `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status, created_by)
                   values ($1, $2, $3, $4, $5, $6, 'scheduled', $7) returning id`,
            values: [clinic.tenant, client.petId, clinic.service, vet, start, endOf(start), client.userId],
          })
          return 'booked'
        } catch (error) {
          if (error instanceof pg.DatabaseError && error.code === '23P01') return 'refused'
          throw error
        } finally {
          connection.release()
        }
      },
      close: () => pool.end(),
    }
  },
}
