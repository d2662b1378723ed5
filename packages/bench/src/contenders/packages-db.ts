import { bookAppointment, callFunction, createDatabase } from '@vetcita/db'
import type { Contender } from '../contender.ts'
import { poolSize } from '../stage.ts'

/** The product's own client: Prisma's `$queryRaw`, with the answer parsed. */
export const packagesDb: Contender = {
  name: 'packages/db',
  place: 'main',
  open: async ({ apiUrl }) => {
    const db = createDatabase(apiUrl, { poolSize })
    return {
      book: async ({ clinic, client, vet, start }) => {
        const owner = { userId: client.userId, tenantId: clinic.tenant, isStaff: false }
        const outcome = await callFunction(db, bookAppointment, owner, {
          petId: client.petId,
          serviceId: clinic.service,
          vetId: vet,
          startTime: start.toISOString(),
        })
        if (outcome.success) return 'booked'
        if (outcome.error !== 'SLOT_UNAVAILABLE') throw new Error(outcome.error)
        return 'refused'
      },
      close: () => db.$disconnect(),
    }
  },
}
