import { at, type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { beforeAll, describe, expect, it } from 'vitest'
import { bookAppointment, memberCall } from '../src/index.ts'
import { apiDatabase } from './support/api-database.ts'
import { signIn } from './support/sessions.ts'

const { admin, db } = await apiDatabase()
let clinic: Clinic
const stranger = '99999999-9999-4999-8999-999999999999'

beforeAll(async () => {
  clinic = await newClinic(admin)
  await signIn(admin, clinic.owner, 'owner')
  await signIn(admin, clinic.receptionist, 'receptionist')
  await signIn(admin, clinic.admin, 'admin')
  await signIn(admin, stranger, 'stranger')
})

const times = ['08:00', '09:00', '10:00', '11:00', '12:00', '13:00', '14:00', '15:00', '16:00', '17:00']

function book(token: string, admitted: 'members' | 'staff' | 'admins', tenantId: string | null) {
  const booking = {
    petId: clinic.pet,
    serviceId: clinic.service,
    vetId: clinic.vet,
    startTime: at(3, times.shift() ?? ''),
  }
  return memberCall(db, { token, tenantId }, admitted, bookAppointment, booking)
}

async function inserted(): Promise<number> {
  const { rows } = await admin.query<{ count: string }>(
    `select count(*) from appointments where tenant_id = $1`,
    [clinic.tenant],
  )
  return Number(rows[0]?.count)
}

describe('memberCall', () => {
  it.each([
    ['owner', 'members'],
    ['receptionist', 'members'],
    ['receptionist', 'staff'],
    ['admin', 'staff'],
    ['admin', 'admins'],
  ] as const)('calls the function for %s if %s are admitted', async (token, admitted) => {
    const before = await inserted()
    const answer = await book(token, admitted, clinic.tenant)
    expect(answer).toMatchObject({
      caller: { membership: { id: clinic.tenant } },
      outcome: { success: true },
    })
    expect(await inserted()).toBe(before + 1)
  })

  it.each([
    ['owner', 'staff', 'owner'],
    ['owner', 'admins', 'owner'],
    ['receptionist', 'admins', 'receptionist'],
    ['stranger', 'members', null],
  ] as const)('does not call it for %s if %s are admitted', async (token, admitted, role) => {
    const before = await inserted()
    const answer = await book(token, admitted, clinic.tenant)
    expect(answer).toMatchObject({ caller: { membership: { role } }, outcome: null })
    expect(await inserted()).toBe(before)
  })

  it.each([null, 'no-such-clinic'])(
    'returns the user without a membership for the clinic %s',
    async (tenantId) => {
      expect(await book('owner', 'members', tenantId)).toMatchObject({
        caller: { user: { id: clinic.owner }, membership: null },
        outcome: null,
      })
    },
  )

  it('returns no user for a token without a session', async () => {
    expect(await book('nobody', 'members', clinic.tenant)).toBeNull()
  })

  it('gives instants the offset of the clinic', async () => {
    const south = await newClinic(admin, { timezone: 'America/Asuncion' })
    await admin.query(
      `insert into profiles (tenant_id, id, role, full_name) values ($1, $2, 'vet', 'Visiting')`,
      [south.tenant, clinic.receptionist],
    )
    const answer = await memberCall(
      db,
      { token: 'receptionist', tenantId: south.tenant },
      'staff',
      bookAppointment,
      { petId: south.pet, serviceId: south.service, vetId: south.vet, startTime: at(3, '10:00') },
    )
    expect(answer?.outcome).toMatchObject({
      startTime: `${at(3, '10:00').slice(0, 10)}T07:00:00-03:00`,
      endTime: `${at(3, '10:00').slice(0, 10)}T07:30:00-03:00`,
    })
  })
})
