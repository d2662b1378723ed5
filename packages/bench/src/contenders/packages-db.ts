import { bookAppointment, createDatabase } from '@vetcita/db'
import type { Contender } from '../contender.ts'
import { poolSize } from '../stage.ts'

/** The product's own client: Prisma's `$queryRaw`, the answer parsed, wall times included. */
export const packagesDb: Contender = {
  name: 'packages/db',
  place: 'main',
  open: async ({ apiUrl }) => {
    const db = createDatabase(apiUrl, { poolSize })
    return {
      book: async ({ clinic, client, vet, start }) => {
        const outcome = await bookAppointment(db, {
          tenantId: clinic.tenant,
          petId: client.petId,
          serviceId: clinic.service,
          vetId: vet,
          startTime: start.toISOString(),
          bookedBy: client.userId,
          timeZone: 'UTC',
        })
        if (outcome.success) return 'booked'
        if (outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(outcome.error)
        return 'refused'
      },
      close: () => db.$disconnect(),
    }
  },
}
