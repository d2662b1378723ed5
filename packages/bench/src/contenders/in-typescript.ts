import {
  type CallerTransaction,
  createDatabase,
  type Database,
  describeFailure,
  withRetry,
} from '@vetcita/db'
import { type Contender, endOf, type Wish } from '../contender.ts'
import { poolSize } from '../stage.ts'

// What a user of Prisma would write instead of the function. Each is as short as such code is; the pool is the same.

type Attempt = (db: Database, wish: Wish) => Promise<'booked' | 'refused'>

function contender(name: string, place: Contender['place'], attempt: Attempt): Contender {
  return {
    name,
    place,
    open: async (_stage, { scratch }) => {
      const db = createDatabase(scratch.ownerUrl, { poolSize })
      return { book: (wish) => attempt(db, wish), close: () => db.$disconnect() }
    },
  }
}

function conflict(tx: CallerTransaction, { clinic, vet, start }: Wish) {
  return tx.appointment.findFirst({
    where: {
      tenantId: clinic.tenant,
      vetId: vet,
      status: { notIn: ['cancelled', 'no_show'] },
      startTime: { lt: endOf(start) },
      busyUntil: { gt: start },
    },
    select: { id: true },
  })
}

function insert(tx: CallerTransaction, { clinic, client, vet, start }: Wish) {
  return tx.appointment.create({
    data: {
      tenantId: clinic.tenant,
      petId: client.petId,
      serviceId: clinic.service,
      vetId: vet,
      startTime: start,
      endTime: endOf(start),
      busyUntil: endOf(start),
      createdById: client.userId,
    },
    select: { id: true },
  })
}

async function checkThenInsert(tx: CallerTransaction, wish: Wish): Promise<'booked' | 'refused'> {
  if (await conflict(tx, wish)) return 'refused'
  await insert(tx, wish)
  return 'booked'
}

/** The unsafe "before": two may both look, and both find nothing. */
export const unsafe = contender('check, then insert', 'before', checkThenInsert)

/** Correct: the vet's row is locked first, in a transaction of five round trips. */
export const forUpdate = contender('transaction, FOR UPDATE', 'before', (db, wish) =>
  withRetry(() =>
    db.$transaction(
      async (tx) => {
        await tx.$queryRaw`
          select id from profiles where tenant_id = ${wish.clinic.tenant} and id = ${wish.vet}::uuid for update`
        return await checkThenInsert(tx, wish)
      },
      { maxWait: 10_000, timeout: 10_000 },
    ),
  ),
)

/** Correct, too: the server undoes one of two that would not have happened one after the other, and it is run again. */
export const serializable = contender('Serializable, with retry', 'before', (db, wish) =>
  withRetry(
    () =>
      db.$transaction((tx) => checkThenInsert(tx, wish), {
        isolationLevel: 'Serializable',
        maxWait: 10_000,
        timeout: 10_000,
      }),
    { attempts: 20 },
  ),
)

/** Insert and let the overlap constraint say no; a deadlock between two that it holds up is run again. */
export const constraintAlone = contender('constraint, with retry', 'main', (db, wish) =>
  withRetry(async () => {
    try {
      await insert(db, wish)
      return 'booked'
    } catch (error) {
      if (describeFailure(error).sqlState === '23P01') return 'refused'
      throw error
    }
  }),
)
