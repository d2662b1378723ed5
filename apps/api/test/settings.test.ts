import { timeOf } from '@vetcita/contracts'
import { slotsOf } from '@vetcita/contracts/slot-list'
import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import { asuncion, day, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Office, openOffice } from './support/office.ts'
import { type Person, refusalOf, visitor } from './support/person.ts'

let office: Office

beforeAll(async () => {
  office = await openOffice()
})
afterAll(() => office.api.stop())

const settings = (person: Person = office.admin) => person.at('adris').settings

describe('settings', () => {
  it('change a service’s length and price, deactivate one, and refuse an unknown one', async () => {
    const service = {
      name: 'Ecografía',
      durationMinutes: 40,
      bufferMinutes: 10,
      price: 250_000.5,
      isActive: true,
      booking: 'request' as const,
      category: 'Imágenes',
      position: 3,
      preparation: 'Traelo en ayunas.',
      species: ['dog', 'cat'],
    }
    const made = await settings().saveService.mutate(service)
    if (!made.success) throw new Error(made.error)
    const off = await settings().saveService.mutate({
      ...service,
      serviceId: made.service.id,
      isActive: false,
    })
    expect(off).toEqual({
      success: true,
      service: { ...service, id: made.service.id, isActive: false, vetIds: [] },
    })
    expect(await settings().services.query()).toContainEqual(off.success ? off.service : null)
    const shown = await visitor(office.api.url).at('adris').clinic.get.query()
    expect(shown.services.map(({ name }) => name)).not.toContain('Ecografía')
    const theirs = { ...service, serviceId: lisboa.consultation }
    expect(await settings().saveService.mutate(theirs)).toMatchObject({ error: 'SERVICE_NOT_FOUND' })
  })

  it('change hours, and the slots with them', async () => {
    const slots = async () => {
      const search = { serviceId: adris.consultation, vetId: adris.otherVet, from: day(20), to: day(20) }
      const found = await visitor(office.api.url)
        .at('adris')
        .slots.available.query({ ...search, stepMinutes: 30 })
      return slotsOf(found).map(({ startTime }) => timeOf(startTime))
    }
    expect(await slots()).toContain('08:00')
    const hours = [1, 2, 3, 4, 5, 6, 7].flatMap((weekday) => [
      { weekday, opens: '09:00', closes: '10:00' },
      { weekday, opens: '15:00', closes: '16:00' },
    ])
    expect(await settings().setHours.mutate({ vetId: adris.otherVet, hours })).toMatchObject({ hours: 14 })
    expect(await slots()).toEqual(['09:00', '09:30', '15:00', '15:30'])
    const weeks = await settings().hours.query()
    expect(weeks.find(({ id }) => id === adris.otherVet)?.hours).toEqual(hours)
    const overlapping = [...hours, { weekday: 1, opens: '09:30', closes: '11:00' }]
    expect(await settings().setHours.mutate({ vetId: adris.otherVet, hours: overlapping })).toMatchObject({
      error: 'INVALID_HOURS',
    })
    expect(await settings().setHours.mutate({ vetId: office.desk.id, hours })).toMatchObject({
      error: 'VET_NOT_FOUND',
    })
  })

  it('list the appointments within time off, which cannot be booked', async () => {
    const made = await office.walkIn('Inés Inside')
    const inside = await office.book(made.pet, asuncion(25))
    await office.book(made.pet, asuncion(25, '16:00'))
    const added = await settings().addTimeOff.mutate({
      vetId: adris.vet,
      startDate: day(25),
      startTime: '08:00',
      endDate: day(25),
      endTime: '12:00',
      reason: 'Congreso',
    })
    expect(added).toMatchObject({
      success: true,
      timeOff: {
        startTime: expect.stringContaining('T08:00'),
        reason: 'Congreso',
        appointments: [{ id: inside }],
      },
    })
    const blocked = await office.desk.at('adris').appointments.book.mutate({
      petId: made.pet,
      serviceId: adris.consultation,
      vetId: adris.vet,
      startTime: asuncion(25, '11:00'),
      idempotencyKey: newKey(),
    })
    expect(blocked).toMatchObject({ error: 'VET_AWAY' })
    const { timeOff } = await settings().timeOff.query()
    expect(timeOff).toMatchObject([{ vet: { fullName: 'Ana Vet' }, appointments: [{ id: inside }] }])
    await settings().removeTimeOff.mutate({ timeOffId: timeOff[0]?.id ?? '' })
    expect(await settings().timeOff.query()).toEqual({ timeOff: [] })
    expect(
      await settings().addTimeOff.mutate({
        vetId: lisboa.vet,
        startDate: day(25),
        startTime: '08:00',
        endDate: day(26),
        endTime: '00:00',
      }),
    ).toMatchObject({ error: 'VET_NOT_FOUND' })
  })

  it('change the notice and the time zone; an unknown zone changes nothing', async () => {
    const rules = await settings().rules.query()
    expect(rules).toMatchObject({ timeZone: 'America/Asuncion', changeNoticeMinutes: 0 })
    expect(rules.timeZones).toContain('America/New_York')
    const changed = { name: rules.name, timeZone: rules.timeZone, changeNoticeMinutes: 120 }
    expect(await settings().saveRules.mutate(changed)).toEqual({ success: true })
    expect(await settings().saveRules.mutate({ ...changed, timeZone: 'Mars/Olympus' })).toMatchObject({
      error: 'UNKNOWN_TIME_ZONE',
    })
    expect(await settings().rules.query()).toMatchObject({ ...changed })
    await settings().saveRules.mutate({ ...changed, changeNoticeMinutes: 0 })
  })
})

describe('staff', () => {
  it('are invited, accept, and lose rights and sessions with their role', async () => {
    const staff = settings().staff
    const invite = await staff.invite.mutate({ role: 'receptionist', label: 'Nora' })
    if (!invite.success) throw new Error(invite.error)
    expect((await staff.list.query()).invites).toMatchObject([
      { label: 'Nora', role: 'receptionist', createdBy: 'Alma Admin', expired: false },
    ])
    const nora = await office.api.signUp('Nora Nueva')
    expect(await settings(nora).staff.offer.query({ token: invite.token })).toMatchObject({
      role: 'receptionist',
      clinicName: 'Clínica adris',
    })
    expect(await settings(nora).staff.accept.mutate({ token: invite.token })).toMatchObject({
      success: true,
      role: 'receptionist',
    })
    expect(await settings(office.desk).staff.accept.mutate({ token: invite.token })).toMatchObject({
      error: 'LINK_USED',
    })
    await nora.at('adris').appointments.day.query({})
    const { members, invites } = await staff.list.query()
    expect(invites).toEqual([])
    expect(members).toContainEqual(
      expect.objectContaining({ fullName: 'Nora Nueva', email: 'nora.nueva@example.com' }),
    )

    // the same role again takes nothing away, and so does another one of the same rank
    for (const role of ['receptionist', 'vet', 'receptionist'] as const)
      expect(await staff.setRole.mutate({ profileId: nora.id, role })).toMatchObject({ success: true, role })
    await nora.at('adris').appointments.day.query({})
    expect(await staff.setRole.mutate({ profileId: nora.id, role: 'owner' })).toMatchObject({
      success: true,
      oldRole: 'receptionist',
    })
    expect(await refusalOf(nora.at('adris').appointments.day.query({}))).toBe('UNAUTHORIZED')
    await nora.signIn('nora.nueva@example.com')
    expect(await refusalOf(nora.at('adris').appointments.day.query({}))).toBe('FORBIDDEN NOT_STAFF')
    expect(await refusalOf(nora.at('adris').clients.search.query({}))).toBe('FORBIDDEN NOT_STAFF')
    expect(await nora.at('adris').pets.list.query()).toEqual([])
    // who is not of the staff any more is refused as such, and stays signed in
    expect(await staff.setRole.mutate({ profileId: nora.id, role: 'owner' })).toMatchObject({
      success: false,
    })
    expect(await nora.at('adris').pets.list.query()).toEqual([])
  })

  it('list a vet’s upcoming appointments before they lose the role; the last admin cannot', async () => {
    const staff = settings().staff
    const made = await office.walkIn('Vera Visitor')
    const id = await office.book(made.pet, asuncion(30), adris.otherVet)
    expect(await staff.setRole.mutate({ profileId: adris.otherVet, role: 'receptionist' })).toMatchObject({
      error: 'HAS_APPOINTMENTS',
      appointments: 1,
      appointmentIds: [id],
    })
    expect(await staff.upcoming.query({ profileId: adris.otherVet })).toMatchObject([
      { id, startTime: expect.stringContaining(day(30)), pet: { name: 'Toby' } },
    ])
    const now = { profileId: adris.otherVet, role: 'receptionist' as const, keepAppointments: true }
    expect(await staff.setRole.mutate(now)).toMatchObject({ success: true, appointments: 1 })
    expect(await staff.setRole.mutate({ profileId: office.admin.id, role: 'vet' })).toMatchObject({
      error: 'LAST_ADMIN',
    })
    expect(await staff.setRole.mutate({ profileId: office.owner.id, role: 'vet' })).toMatchObject({
      error: 'STAFF_NOT_FOUND',
    })
    const invite = await staff.invite.mutate({ role: 'vet' })
    if (!invite.success) throw new Error(invite.error)
    expect(await staff.revoke.mutate({ inviteId: invite.inviteId })).toMatchObject({ success: true })
    expect(await settings(office.owner).staff.accept.mutate({ token: invite.token })).toMatchObject({
      error: 'LINK_INVALID',
    })
  })
})
