import { randomUUID } from 'node:crypto'
import { at } from '@vetcita/testing/sql/clinic'
import type pg from 'pg'
import {
  type Actor,
  acceptStaffInvite,
  addClientPet,
  addTimeOff,
  anyPhoneOf,
  appointmentChanges,
  appointmentDetail,
  appointmentsOf,
  appointmentsToCome,
  asCaller,
  availableSlots,
  bookAppointment,
  callFunction,
  changeAppointmentStatus,
  claimClient,
  clinicSchedule,
  createClient,
  createPet,
  type Database,
  findAppointment,
  findClient,
  getClinic,
  inventoryOf,
  inviteClient,
  inviteStaff,
  joinClinic,
  memberCall,
  membershipsOf,
  mergeCart,
  nearestSlots,
  Prisma,
  petsOf,
  phoneAt,
  productsById,
  productsOf,
  readClientClaim,
  readStaffInvite,
  removeTimeOff,
  rescheduleAppointment,
  retirePet,
  revokeStaffInvite,
  rulesOf,
  saveRules,
  searchClients,
  servicesOf,
  sessionsOf,
  setAppointmentNotes,
  setCartItem,
  setStaffRole,
  setVetHours,
  signedInBy,
  staffOf,
  stepStock,
  timeOffOf,
  upcomingOf,
  updateAccount,
  updateClient,
  updatePet,
  vetWeeksOf,
} from '../../../src/index.ts'
import { signIn } from '../../support/sessions.ts'
import type { GrownClinic } from './grown-clinic.ts'

/** A call of `packages/db`, through a client with one connection. It fails if it is refused. */
export type Call = (db: Database) => Promise<unknown>

export type Calls = Readonly<Record<string, Call>>

/** Returns every read and write of `packages/db`, by a name for messages. */
export async function everyCall(admin: pg.Client, { clinic, regular, booker }: GrownClinic): Promise<Calls> {
  const { tenant: tenantId, service: serviceId, vet: vetId, otherVet, product } = clinic
  const actor = (userId: string, isStaff: boolean): Actor => ({ userId, tenantId, isStaff })
  const owner = actor(regular.id, false)
  const staff = actor(clinic.receptionist, true)
  const boss = actor(clinic.admin, true)
  const guest = actor(booker.id, false)
  await signIn(admin, booker.id, 'booker')
  await signIn(admin, clinic.receptionist, 'receptionist')
  await signIn(admin, clinic.admin, 'admin')

  let taken = 0
  /** Returns a free start of the busy vet's, weeks ahead of what the reads are about. */
  const free = () => {
    taken += 1
    return at(
      40 + Math.floor(taken / 16),
      `${String(8 + Math.floor((taken % 16) / 2)).padStart(2, '0')}:${taken % 2 ? '30' : '00'}`,
    )
  }
  const book = async (
    db: Database,
    more: { vetId?: string; startTime?: string; idempotencyKey?: string } = {},
  ) => {
    const request = { petId: booker.pet, serviceId, vetId, startTime: free(), ...more }
    return done(await callFunction(db, bookAppointment, guest, request)).appointmentId
  }
  const change = (db: Database, appointmentId: string, newStatus: string) =>
    callFunction(db, changeAppointmentStatus, staff, { appointmentId, newStatus }).then(done)
  const search = { tenantId, serviceId, timeZone: 'UTC', stepMinutes: 30 }
  const today = at(0, '00:00').slice(0, 10)
  const soon = at(3, '00:00').slice(0, 10)

  const present = await presentOf(admin, clinic, regular)
  const reads: Record<string, Call> = {
    'who is signed in': (db) => signedInBy(db, 'booker', tenantId),
    'a day of the calendar': (db) => clinicSchedule(db, staff, { unit: 'day', date: soon }),
    'a week of the calendar': (db) => clinicSchedule(db, staff, { unit: 'week', date: soon }),
    'a week of one vet': (db) => clinicSchedule(db, staff, { unit: 'week', date: soon, vetId }),
    'a past day of the calendar': (db) =>
      clinicSchedule(db, staff, { unit: 'day', date: at(-2, '00:00').slice(0, 10) }),
    'what changed': (db) => appointmentChanges(db, null, 0),
    'free slots': (db) => availableSlots(db, { ...search, from: today, to: soon }),
    'free slots of a vet': (db) => availableSlots(db, { ...search, vetId, from: soon, to: soon }),
    'free slots for a move': (db) =>
      availableSlots(db, { ...search, from: soon, to: soon, appointmentId: present.upcoming }),
    'the nearest slots': (db) => nearestSlots(db, { ...search, requestedTime: at(3, '10:00'), limit: 3 }),
    'coming appointments of an owner': (db) => appointmentsOf(db, owner, { when: 'upcoming', limit: 20 }),
    'past appointments of an owner': (db) => appointmentsOf(db, owner, { when: 'past', limit: 10 }),
    'the next page of them': (db) =>
      appointmentsOf(db, owner, {
        when: 'past',
        limit: 10,
        cursor: `${at(-22, '00:00')}_${present.upcoming}`,
      }),
    'an appointment, to its owner': (db) => appointmentDetail(db, owner, present.upcoming).then(found),
    'an appointment, to the staff': (db) => appointmentDetail(db, staff, present.upcoming).then(found),
    'when an appointment is': (db) => findAppointment(db, owner, present.upcoming).then(found),
    'a client’s page': (db) => findClient(db, staff, regular.id).then(found),
    'all clients': (db) => searchClients(db, staff, { limit: 20, offset: 0 }),
    'clients by one letter': (db) => searchClients(db, staff, { text: 'b', limit: 20, offset: 0 }),
    'clients by a name': (db) => searchClients(db, staff, { text: 'regular', limit: 20, offset: 0 }),
    'clients by two words': (db) => searchClients(db, staff, { text: 'client canela', limit: 20, offset: 0 }),
    'the staff': (db) => staffOf(db, boss),
    'what a vet has to do': (db) => appointmentsToCome(db, staff, otherVet),
    'the vets’ weeks': (db) => vetWeeksOf(db, staff),
    'time off': (db) => timeOffOf(db, staff),
    'an owner’s pets': (db) => petsOf(db, owner),
    'what comes for a pet': (db) => upcomingOf(db, owner, regular.pet),
    'a person’s clinics': (db) => membershipsOf(db, regular.id),
    'a person’s phone': (db) => phoneAt(db, owner),
    'a person’s phone at any clinic': (db) => anyPhoneOf(db, regular.id),
    'a person’s sessions': (db) => sessionsOf(db, booker.id, 'booker'),
    'a clinic': (db) => getClinic(db, tenantId).then(found),
    'a clinic’s services': (db) => servicesOf(db, staff),
    'a clinic’s rules': (db) => rulesOf(db, boss).then(found),
    products: (db) => productsOf(db, { tenantId, limit: 20 }),
    'products by a word': (db) => productsOf(db, { tenantId, search: 'ali', limit: 20 }),
    'products by their ids': (db) => productsById(db, tenantId, [product]),
    'the inventory': (db) => inventoryOf(db, staff),
  }

  const writes: Record<string, Call> = {
    booking: (db) => book(db),
    'booking as a member': async (db) => {
      const request = { petId: booker.pet, serviceId, vetId, startTime: free() }
      const answer = await memberCall(db, { token: 'booker', tenantId }, 'members', bookAppointment, request)
      done(found(answer?.outcome ?? null))
    },
    'booking twice with a key': async (db) => {
      const request = { startTime: free(), idempotencyKey: randomUUID() }
      const first = await book(db, request)
      if ((await book(db, request)) !== first) throw new Error('booked twice')
    },
    'moving, confirming and cancelling': async (db) => {
      const appointmentId = await book(db)
      const move = { appointmentId, newStartTime: free(), newVetId: otherVet }
      done(await callFunction(db, rescheduleAppointment, staff, move))
      await change(db, appointmentId, 'confirmed')
      await change(db, appointmentId, 'cancelled')
    },
    'a no-show who comes after all': async (db) => {
      await change(db, present.late, 'no_show')
      await change(db, present.late, 'checked_in')
    },
    'writing notes': async (db) => {
      const notes = { appointmentId: present.upcoming, notes: randomUUID() }
      done(await callFunction(db, setAppointmentNotes, staff, notes))
    },
    'merging a cart': async (db) => {
      done(
        await callFunction(db, mergeCart, guest, {
          newItems: [{ type: 'product', id: product, quantity: 2 }],
        }),
      )
    },
    'a line of a cart': async (db) => {
      done(
        await callFunction(db, setCartItem, guest, {
          type: 'product',
          id: product,
          quantity: 1,
          mode: 'set',
        }),
      )
    },
    'a walk-in who claims the record': async (db) => {
      const { client } = done(
        await callFunction(db, createClient, staff, {
          fullName: 'Walk In',
          petName: 'Tom',
          idempotencyKey: randomUUID(),
        }),
      )
      done(await callFunction(db, addClientPet, staff, { clientId: client.id, name: 'Tam', species: 'cat' }))
      const { token } = done(await callFunction(db, inviteClient, staff, { clientId: client.id }))
      const person = actor(randomUUID(), false)
      done(await callFunction(db, readClientClaim, person, { token }))
      done(await callFunction(db, claimClient, person, { token }))
    },
    'inviting and dismissing staff': async (db) => {
      const { inviteId } = done(await callFunction(db, inviteStaff, boss, { role: 'receptionist' }))
      done(await callFunction(db, revokeStaffInvite, boss, { inviteId }))
      const { token } = done(await callFunction(db, inviteStaff, boss, { role: 'vet' }))
      const person = actor(randomUUID(), false)
      done(await callFunction(db, readStaffInvite, person, { token }))
      done(await callFunction(db, acceptStaffInvite, person, { token, fullName: 'New' }))
      const dismissal = { profileId: person.userId, role: 'owner', keepAppointments: false }
      done(await callFunction(db, setStaffRole, boss, dismissal))
    },
    'dismissing a vet who has appointments': async (db) => {
      const dismissal = { profileId: otherVet, role: 'owner', keepAppointments: false }
      const answer = await callFunction(db, setStaffRole, boss, dismissal)
      if (answer.success || answer.error !== 'HAS_APPOINTMENTS') throw new Error('dismissed')
    },
    'a vet’s hours': async (db) => {
      const hours = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '06:00', closes: '22:00' }))
      done(await callFunction(db, setVetHours, boss, { vetId, hours }))
    },
    'time off, taken and given back': async (db) => {
      const span = { startDate: soon, startTime: '00:00', endDate: soon, endTime: '23:00' }
      const made = found(await addTimeOff(db, staff, { vetId, ...span }))
      await removeTimeOff(db, staff, made.id)
    },
    'joining a clinic': async (db) => {
      const person = actor(randomUUID(), false)
      done(await joinClinic(db, person, { email: 'a@example.com', fullName: 'New' }))
    },
    'a pet, renamed and retired': async (db) => {
      const { id: petId } = await createPet(db, guest, { name: 'Mini', species: 'cat' })
      found(await updatePet(db, guest, { petId, name: 'Maxi' }))
      found(await retirePet(db, guest, petId))
    },
    'one’s account': (db) => updateAccount(db, guest, { name: 'Booker', phone: '0981 555 555' }),
    'a client’s name': (db) =>
      updateClient(db, staff, { clientId: booker.id, fullName: 'Booker' }).then(found),
    'a product’s stock': (db) => stepStock(db, staff, { productId: product, by: 1 }).then(found),
    'the clinic’s rules': (db) =>
      saveRules(db, boss, { name: 'Clinic', timeZone: 'UTC', changeNoticeMinutes: 0 }),
  }

  return { ...reads, ...writes }
}

/** Returns reads of whole tables, as clients of PostgREST may send: of each the policies show what one may see. */
export function everyTable({ clinic, small }: GrownClinic): Calls {
  const ofAnOwner = [
    'appointments',
    'appointment_states',
    'appointment_events',
    'pets',
    'profiles',
    'carts',
    'cart_items',
  ]
  const ofStaff = [...ofAnOwner, 'appointment_note_changes', 'links', 'vet_hours', 'vet_time_off']
  const read = (whose: string, userId: string) => (table: string) =>
    [
      `${whose} ${table}`,
      (db: Database) =>
        asCaller(db, { userId }, (tx) => tx.$queryRaw`select count(*)::int from ${Prisma.raw(table)}`),
    ] as const
  return Object.fromEntries([
    ...ofAnOwner.map(read('an owner’s', clinic.otherOwner)),
    ...ofStaff.map(read('a small clinic’s', small.receptionist)),
  ])
}

/** Makes the few appointments that the reads are about. */
async function presentOf(
  admin: pg.Client,
  { tenant, service, otherVet }: GrownClinic['clinic'],
  { pet }: GrownClinic['regular'],
): Promise<{ upcoming: string; late: string }> {
  const insert = async (start: string) => {
    const { rows } = await admin.query<{ id: string }>(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
       values ($1, $2, $3, $4, $5::timestamptz, $5::timestamptz + interval '30 minutes') returning id`,
      [tenant, pet, service, otherVet, start],
    )
    return found(rows[0] ?? null).id
  }
  return { upcoming: await insert(at(3, '09:00')), late: await insert(at(-1, '09:00')) }
}

function done<Answer extends { success: boolean }>(answer: Answer): Extract<Answer, { success: true }> {
  if (!answer.success) throw new Error(`refused: ${JSON.stringify(answer)}`)
  return answer as Extract<Answer, { success: true }>
}

function found<Value>(value: Value | null): Value {
  if (value === null) throw new Error('not found')
  return value
}
