import { at, type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  asCaller,
  bookAppointment,
  type Caller,
  callFunction,
  describeFailure,
  Prisma,
  writeAsCaller,
} from '../src/index.ts'
import { apiDatabase, errorOf } from './support/api-database.ts'

const { db, admin, connect } = await apiDatabase()
let clinic: Clinic
let elsewhere: Clinic

beforeAll(async () => {
  clinic = await newClinic(admin)
  elsewhere = await newClinic(admin)
  for (const { tenant, ...c } of [clinic, elsewhere]) {
    for (const [petId, userId, time] of [
      [c.pet, c.owner, '10:00'],
      [c.otherPet, c.otherOwner, '11:00'],
    ] as const) {
      const booking = { petId, serviceId: c.service, vetId: c.vet, startTime: at(3, time) }
      await callFunction(db, bookAppointment, { userId, tenantId: tenant, isStaff: false }, booking)
    }
    await admin.query(`insert into carts (tenant_id, customer_id) values ($1, $2), ($1, $3)`, [
      tenant,
      c.owner,
      c.otherOwner,
    ])
  }
})

const tables = ['profiles', 'pets', 'appointments', 'carts', 'appointment_events'] as const

/** Returns what a caller gets from a table by a query that forgot its `where`, as `tenant:count`. */
async function seen(caller: Caller, table: string): Promise<string[]> {
  const rows = await asCaller(
    db,
    caller,
    (tx) => tx.$queryRaw<{ seen: string }[]>`
      select tenant_id || ':' || count(*) as seen from ${Prisma.raw(table)} group by tenant_id order by 1`,
  )
  return rows.map((row) => row.seen)
}

describe('a query that forgot its where', () => {
  it('gives a pet owner only their own rows', async () => {
    for (const table of tables) {
      expect([table, await seen({ userId: clinic.owner }, table)]).toEqual([table, [`${clinic.tenant}:1`]])
    }
  })

  it('gives staff only their clinic’s rows', async () => {
    expect(await seen({ userId: clinic.receptionist }, 'appointments')).toEqual([`${clinic.tenant}:2`])
    expect(await seen({ userId: clinic.receptionist }, 'profiles')).toEqual([`${clinic.tenant}:6`])
  })

  it('gives a user without a profile nothing', async () => {
    const stranger = { userId: '99999999-9999-4999-8999-999999999999' }
    for (const table of tables) expect([table, await seen(stranger, table)]).toEqual([table, []])
  })

  it('fails for a visitor', async () => {
    for (const table of tables) {
      expect(describeFailure(await errorOf(seen('visitor', table))).sqlState).toBe('42501')
    }
  })

  it('fails if the API forgets to become the caller', async () => {
    for (const table of tables) {
      const statement = db.$queryRaw`select count(*) from ${Prisma.raw(`public.${table}`)}`
      expect(describeFailure(await errorOf(statement)).sqlState).toBe('42501')
    }
  })
})

describe('acting as the caller', () => {
  it('ends with the transaction, whether it succeeds or fails', async () => {
    const single = connect({ poolSize: 1 })
    const identity = async () => {
      const [row] = await single.$queryRaw<{ role: string; claims: string; read_only: string }[]>`
        select current_user::text as role, coalesce(current_setting('request.jwt.claims', true), '') as claims,
          current_setting('transaction_read_only') as read_only`
      return row
    }
    const itself = { role: 'vetcita_api', claims: '', read_only: 'off' }
    await asCaller(single, { userId: clinic.owner }, (tx) => tx.$queryRaw`select 1`)
    expect(await identity()).toEqual(itself)
    await errorOf(asCaller(single, { userId: clinic.owner }, (tx) => tx.$queryRaw`select 1 / 0`))
    expect(await identity()).toEqual(itself)
  })

  it('cannot write in a read-only transaction', async () => {
    const rename = Prisma.sql`update pets set name = 'Otra' where id = ${clinic.pet}::uuid`
    const caller = { userId: clinic.owner }
    const refused = await errorOf(asCaller(db, caller, (tx) => tx.$executeRaw(rename)))
    expect(describeFailure(refused).sqlState).toBe('25006')
    expect(await writeAsCaller(db, caller, (tx) => tx.$executeRaw(rename))).toBe(1)
  })

  it('cannot write another owner’s rows, or any appointment', async () => {
    const write = (statement: Prisma.Sql) =>
      writeAsCaller(db, { userId: clinic.owner }, (tx) => tx.$executeRaw(statement))
    expect(await write(Prisma.sql`update pets set name = 'Mine' where id = ${clinic.otherPet}::uuid`)).toBe(0)
    const appointments = await errorOf(write(Prisma.sql`update appointments set status = 'confirmed'`))
    expect(describeFailure(appointments).sqlState).toBe('42501')
    const role = await errorOf(write(Prisma.sql`update profiles set role = 'admin'`))
    expect(describeFailure(role).sqlState).toBe('42501')
  })

  it('treats quotes in an id literally', async () => {
    const userId = `${clinic.owner}", "role": "service_role`
    expect(await seen({ userId }, 'pets')).toEqual([])
  })
})
