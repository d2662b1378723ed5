import {
  type CallerTransaction,
  createDatabase,
  type Database,
  describeFailure,
  withRetry,
} from '@vetcita/db'
import { type Contender, endOf, type Wish } from '../contender.ts'
import { poolSize } from '../stage.ts'

// What a user of Prisma would write instead of the function. Unless it is called the shortest, each asks what
// the function asks (whose pet, which service, who is the vet, are they there) before it looks for a conflict; the pool is
// the same.

type Attempt = (db: Database, wish: Wish) => Promise<'booked' | 'refused'>

function contender(name: string, place: Contender['place'], attempt: Attempt): Contender {
  return {
    name,
    place,
    open: async ({ scratch }) => {
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

/** What the function asks beside the conflict; each question is a round trip, as such code has them. */
async function isAllowed(tx: CallerTransaction, { clinic, client, vet, start }: Wish): Promise<boolean> {
  const tenantId = clinic.tenant
  const pet = await tx.pet.findFirst({
    where: { tenantId, id: client.petId, ownerId: client.userId, deletedAt: null },
    select: { id: true },
  })
  const service = await tx.service.findFirst({
    where: { tenantId, id: clinic.service, isActive: true, deletedAt: null },
    select: { durationMinutes: true, bufferMinutes: true },
  })
  const treats = await tx.profile.findFirst({
    where: { tenantId, id: vet, role: { in: ['vet', 'admin'] }, deletedAt: null },
    select: { id: true },
  })
  const hours = await tx.vetHours.findMany({ where: { tenantId, vetId: vet } })
  const away = await tx.vetTimeOff.findFirst({
    where: { tenantId, vetId: vet, startTime: { lt: endOf(start) }, endTime: { gt: start } },
    select: { id: true },
  })
  // these vets keep no hours, so there are none to compare with
  return pet !== null && service !== null && treats !== null && hours.length === 0 && away === null
}

async function checkThenInsert(tx: CallerTransaction, wish: Wish): Promise<'booked' | 'refused'> {
  if (await conflict(tx, wish)) return 'refused'
  await insert(tx, wish)
  return 'booked'
}

async function checkAllThenInsert(tx: CallerTransaction, wish: Wish): Promise<'booked' | 'refused'> {
  if (!(await isAllowed(tx, wish))) throw new Error('Nobody may book that')
  return await checkThenInsert(tx, wish)
}

const patience = { maxWait: 10_000, timeout: 10_000 }

async function lockVet(tx: CallerTransaction, { clinic, vet }: Wish): Promise<void> {
  await tx.$queryRaw`select id from profiles where tenant_id = ${clinic.tenant} and id = ${vet}::uuid for update`
}

/** The unsafe "before": two may both look, and both find nothing. */
export const unsafe = contender('check, then insert', 'before', checkAllThenInsert)

export const unsafeShortest = contender('check, then insert: shortest', 'before', checkThenInsert)

/** Correct: the vet's row is locked first. */
export const forUpdate = contender('transaction, FOR UPDATE', 'before', (db, wish) =>
  withRetry(() =>
    db.$transaction(async (tx) => {
      await lockVet(tx, wish)
      return await checkAllThenInsert(tx, wish)
    }, patience),
  ),
)

export const forUpdateShortest = contender('transaction, FOR UPDATE: shortest', 'before', (db, wish) =>
  withRetry(() =>
    db.$transaction(async (tx) => {
      await lockVet(tx, wish)
      return await checkThenInsert(tx, wish)
    }, patience),
  ),
)

/** Correct, too: the server undoes one of two that would not have happened one after the other, and it is run again. */
export const serializable = contender('Serializable, with retry', 'before', (db, wish) =>
  withRetry(
    () =>
      db.$transaction((tx) => checkAllThenInsert(tx, wish), { ...patience, isolationLevel: 'Serializable' }),
    { attempts: 20 },
  ),
)

/** Insert and let the overlap constraint say no; a deadlock between two that it holds up is run again. */
export const constraintAlone = contender('constraint, with retry', 'main', async (db, wish) => {
  if (!(await isAllowed(db, wish))) throw new Error('Nobody may book that')
  return await withRetry(async () => {
    try {
      await insert(db, wish)
      return 'booked'
    } catch (error) {
      if (describeFailure(error).sqlState === '23P01') return 'refused'
      throw error
    }
  })
})
