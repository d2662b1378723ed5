import { asuncion, day, newKey } from '@vetcita/testing/times'
import { booking, type Things } from './support/stage.ts'

/**
 * Says who may call each procedure of the router. `access.test.ts` calls each one as thirteen actors, about the things of
 * one pet owner of the clinic, and fails for a procedure without a row.
 *
 * The columns:
 * - anonymous: a visitor; an expired and a signed-out session of an admin
 * - outsider: signed in without a profile here; pet owner, receptionist, vet and admin of another clinic
 * - owner: the pet owner whose pet, appointment, cart and sessions are used; other: another pet owner of the same clinic
 *
 * The cells:
 * - yes: the call succeeds. A query writes nothing, and outsider and other change no row of the owner's
 * - sign-in, no-member, no-staff, no-admin: refused because of who the caller is, and nothing is written
 * - unseen: refused with exactly the answer for a thing that does not exist
 * - anything else is the code of a refusal
 *
 * The last column is the input, made from the things that `support/stage.ts` creates.
 */
// biome-ignore format: aligned columns are easier to read
export const accessMatrix: Readonly<Record<string, Row>> = {
  //                             anonymous outsider  owner     other     receptionist  vet           admin
  'account.endOtherSessions':  ['sign-in  yes        yes       yes       yes           yes           yes'],
  'account.endSession':        ['sign-in  yes        yes       yes       yes           yes           yes', (t) => ({ sessionId: t.session })],
  'account.get':               ['sign-in  no-member  yes       yes       yes           yes           yes'],
  'account.sessions':          ['sign-in  yes        yes       yes       yes           yes           yes'],
  'account.update':            ['sign-in  no-member  yes       yes       yes           yes           yes', () => ({ name: 'Someone Else', phone: '+595 21 123456' })],
  'appointments.book':         ['sign-in  no-member  yes       unseen    yes           yes           yes', (t) => booking(t)],
  'appointments.changeStatus': ['sign-in  no-member  yes       unseen    yes           yes           yes', (t) => ({ appointmentId: t.appointment, newStatus: 'cancelled' })],
  'appointments.day':          ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', () => ({ date: day(3) })],
  'appointments.detail':       ['sign-in  no-member  yes       unseen    yes           yes           yes', (t) => ({ appointmentId: t.appointment })],
  'appointments.edit':         ['sign-in  no-member  yes       unseen    yes           yes           yes', (t) => ({ appointmentId: t.appointment, reason: 'Control' })],
  'appointments.mine':         ['sign-in  no-member  yes       yes       yes           yes           yes', () => ({ when: 'upcoming' })],
  'appointments.reschedule':   ['sign-in  no-member  yes       unseen    yes           yes           yes', (t) => ({ appointmentId: t.appointment, newStartTime: asuncion(3, '11:00') })],
  'appointments.setNotes':     ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ appointmentId: t.appointment, notes: 'x', expectedNotes: 'zzstaff' })],
  'appointments.week':         ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ vetId: t.vet, date: day(3) })],
  'clients.addPet':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ clientId: t.walkIn, name: 'Sol', species: 'cat' })],
  'clients.claim':             ['sign-in  yes        yes       yes       yes           yes           yes', (t) => ({ token: t.claim })],
  'clients.claimOffer':        ['sign-in  yes        yes       yes       yes           yes           yes', (t) => ({ token: t.claim })],
  'clients.create':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', () => ({ fullName: 'Someone New', phone: '021 123' })],
  'clients.get':               ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ clientId: t.walkIn })],
  'clients.invite':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ clientId: t.walkIn })],
  'clients.retirePet':         ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ petId: t.walkInPet })],
  'clients.search':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', () => ({ text: 'wan' })],
  'clients.update':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ clientId: t.walkIn, fullName: 'Wanda Vera' })],
  'clients.updatePet':         ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ petId: t.walkInPet, name: 'Kiara' })],
  'clinic.get':                ['yes      yes        yes       yes       yes           yes           yes'],
  'clinic.join':               ['sign-in  yes        yes       yes       yes           yes           yes', () => ({})],
  'clinic.list':               ['yes      yes        yes       yes       yes           yes           yes'],
  'inventory.list':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes'],
  'inventory.remove':          ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ productId: t.product })],
  'inventory.save':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', () => ({ name: 'Collar', price: 10, stock: 1, isActive: true })],
  'inventory.stepStock':       ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ productId: t.product, by: 1 })],
  'live.calendar':             ['sign-in  no-member  no-staff  no-staff  yes           yes           yes'],
  'pets.create':               ['sign-in  no-member  yes       yes       yes           yes           yes', () => ({ name: 'Sol', species: 'cat' })],
  'pets.list':                 ['sign-in  no-member  yes       yes       yes           yes           yes'],
  'pets.restore':              ['sign-in  no-member  unseen    unseen    unseen        unseen        unseen', (t) => ({ petId: t.pet })],
  'pets.retire':               ['sign-in  no-member  yes       unseen    unseen        unseen        unseen', (t) => ({ petId: t.pet })],
  'pets.upcoming':             ['sign-in  no-member  yes       yes       yes           yes           yes', (t) => ({ petId: t.pet })],
  'pets.update':               ['sign-in  no-member  yes       unseen    unseen        unseen        unseen', (t) => ({ petId: t.pet, name: 'Lunita' })],
  'session.me':                ['yes      yes        yes       yes       yes           yes           yes'],
  'settings.addClosure':       ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', () => ({ startDate: day(50), startTime: '00:00', endDate: day(51), endTime: '00:00', name: 'Feriado', idempotencyKey: newKey() })],
  'settings.addTimeOff':       ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ vetId: t.vet, startDate: day(50), startTime: '10:00', endDate: day(50), endTime: '12:00' })],
  'settings.closures':         ['sign-in  no-member  no-staff  no-staff  yes           yes           yes'],
  'settings.hours':            ['sign-in  no-member  no-staff  no-staff  yes           yes           yes'],
  'settings.removeClosure':    ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ closureId: t.timeOff })],
  'settings.removeTimeOff':    ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ timeOffId: t.timeOff })],
  'settings.rules':            ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes'],
  'settings.saveRules':        ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', () => ({ name: 'Adris', timeZone: 'America/Asuncion', changeNoticeMinutes: 60 })],
  'settings.saveService':      ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', () => ({ name: 'Baño', durationMinutes: 30, bufferMinutes: 0, price: 10, isActive: true })],
  'settings.services':         ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes'],
  'settings.setHours':         ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', (t) => ({ vetId: t.vet, hours: [{ weekday: 1, opens: '08:00', closes: '12:00' }] })],
  'settings.setServiceVets':   ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', (t) => ({ serviceId: t.service, vetIds: [t.vet] })],
  'settings.staff.accept':     ['sign-in  yes        yes       yes       ALREADY_STAFF ALREADY_STAFF ALREADY_STAFF', (t) => ({ token: t.inviteLink, fullName: 'Someone New' })],
  'settings.staff.invite':     ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', () => ({ role: 'vet' })],
  'settings.staff.list':       ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes'],
  'settings.staff.offer':      ['sign-in  yes        yes       yes       yes           yes           yes', (t) => ({ token: t.inviteLink })],
  'settings.staff.revoke':     ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', (t) => ({ inviteId: t.invite })],
  'settings.staff.setRole':    ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', (t) => ({ profileId: t.colleague, role: 'vet' })],
  'settings.staff.upcoming':   ['sign-in  no-member  no-staff  no-staff  no-admin      no-admin      yes', (t) => ({ profileId: t.vet })],
  'settings.timeOff':          ['sign-in  no-member  no-staff  no-staff  yes           yes           yes'],
  'slots.available':           ['yes      yes        yes       yes       yes           yes           yes', (t) => ({ serviceId: t.service, from: day(3), to: day(3) })],
  'slots.explain':             ['sign-in  no-member  no-staff  no-staff  yes           yes           yes', (t) => ({ serviceId: t.service, vetId: t.vet, startTime: asuncion(3, '11:00') })],
  'store.cart':                ['sign-in  no-member  yes       yes       yes           yes           yes'],
  'store.items':               ['yes      yes        yes       yes       yes           yes           yes', (t) => ({ ids: [t.product] })],
  'store.mergeCart':           ['sign-in  no-member  yes       yes       yes           yes           yes', (t) => ({ items: [{ type: 'product', id: t.product, quantity: 2 }] })],
  'store.products':            ['yes      yes        yes       yes       yes           yes           yes'],
  'store.setItem':             ['sign-in  no-member  yes       yes       yes           yes           yes', (t) => ({ type: 'product', id: t.product, quantity: 2 })],

  // a procedure with several kinds of input has a row for each; the kind follows the name
  'slots.available (a move)':  ['sign-in  unseen     yes       unseen    yes           yes           yes', (t) => ({ appointmentId: t.appointment, from: day(3), to: day(3) })],
}

export type Row = readonly [cells: string, input?: (things: Things) => unknown]
