import {
  type CallerTransaction,
  createDatabase,
  type Database,
  describeFailure,
  withRetry,
} from '@vetcita/db'
import { type BookingRequest, type Contender, endOf } from '../contender.ts'
import { poolSize } from '../stage.ts'

// The alternatives to the function, written with Prisma. Except for the shortest ones, each makes the checks of the
// function (the pet's owner, the service, the vet's role, hours and time off) before it looks for a conflict. The pool is
// the same.

type Attempt = (db: Database, request: BookingRequest) => Promise<'booked' | 'refused'>

function contender(name: string, place: Contender['place'], attempt: Attempt): Contender {
  return {
    name,
    place,
    open: async ({ scratch }) => {
      const db = createDatabase(scratch.ownerUrl, { poolSize })
      return { book: (request) => attempt(db, request), close: () => db.$disconnect() }
    },
  }
}

function conflict(tx: CallerTransaction, { clinic, vet, start }: BookingRequest) {
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

function insert(tx: CallerTransaction, { clinic, client, vet, start }: BookingRequest) {
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

/** Makes the function's checks other than the conflict, one round trip each, as such code does. */
async function isAllowed(
  tx: CallerTransaction,
  { clinic, client, vet, start }: BookingRequest,
): Promise<boolean> {
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
  // these vets have no hours, so there is nothing to compare
  return pet !== null && service !== null && treats !== null && hours.length === 0 && away === null
}

async function checkThenInsert(
  tx: CallerTransaction,
  request: BookingRequest,
): Promise<'booked' | 'refused'> {
  if (await conflict(tx, request)) return 'refused'
  await insert(tx, request)
  return 'booked'
}

async function checkAllThenInsert(
  tx: CallerTransaction,
  request: BookingRequest,
): Promise<'booked' | 'refused'> {
  if (!(await isAllowed(tx, request))) throw new Error('The booking is not allowed')
  return await checkThenInsert(tx, request)
}

const patience = { maxWait: 10_000, timeout: 10_000 }

async function lockVet(tx: CallerTransaction, { clinic, vet }: BookingRequest): Promise<void> {
  await tx.$queryRaw`select id from profiles where tenant_id = ${clinic.tenant} and id = ${vet}::uuid for update`
}

/** Unsafe: two callers may both check and both find no conflict. */
export const unsafe = contender('check, then insert', 'before', checkAllThenInsert)

export const unsafeShortest = contender('check, then insert: shortest', 'before', checkThenInsert)

/** Safe: locks the vet's row first. */
export const forUpdate = contender('transaction, FOR UPDATE', 'before', (db, request) =>
  withRetry(() =>
    db.$transaction(async (tx) => {
      await lockVet(tx, request)
      return await checkAllThenInsert(tx, request)
    }, patience),
  ),
)

export const forUpdateShortest = contender('transaction, FOR UPDATE: shortest', 'before', (db, request) =>
  withRetry(() =>
    db.$transaction(async (tx) => {
      await lockVet(tx, request)
      return await checkThenInsert(tx, request)
    }, patience),
  ),
)

/** Safe: the server aborts one of two transactions that are not serializable, and it is retried. */
export const serializable = contender('Serializable, with retry', 'before', (db, request) =>
  withRetry(
    () =>
      db.$transaction((tx) => checkAllThenInsert(tx, request), {
        ...patience,
        isolationLevel: 'Serializable',
      }),
    { attempts: 20 },
  ),
)

/** Safe: inserts and relies on the overlap constraint; a deadlock between two inserts that wait for it is retried. */
export const constraintAlone = contender('constraint, with retry', 'main', async (db, request) => {
  if (!(await isAllowed(db, request))) throw new Error('The booking is not allowed')
  return await withRetry(async () => {
    try {
      await insert(db, request)
      return 'booked'
    } catch (error) {
      if (describeFailure(error).sqlState === '23P01') return 'refused'
      throw error
    }
  })
})
