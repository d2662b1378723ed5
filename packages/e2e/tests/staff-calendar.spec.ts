import { calendarCard, dragCard } from '../src/calendar.ts'
import { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

const ownerId = '33333333-3333-4333-8333-333333333333'

/** The next date on which New York's clocks go forward, the second Sunday of a March. */
function clocksForward(): string {
  const year = new Date().getUTCFullYear() + 1
  const march = Array.from({ length: 31 }, (_, day) => new Date(Date.UTC(year, 2, day + 1)))
  return (
    march
      .filter((date) => date.getUTCDay() === 0)[1]
      ?.toISOString()
      .slice(0, 10) ?? ''
  )
}

test('a clinic in another zone than the browser, on the day its clocks go forward', async ({
  page,
  context,
  database,
}) => {
  const clinic = new Clinic(database)
  await clinic.create()
  const date = clocksForward()
  await database.query(`update tenants set timezone = 'America/New_York' where id = $1`, [clinic.id])
  await database.query(`update vet_hours set opens = '00:00', closes = '24:00' where tenant_id = $1`, [
    clinic.id,
  ])
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala')
  const pet = await clinic.addPet(ownerId, 'Luna')
  await database.query(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
     values ($1, $2, $3, $4, $5, $5::timestamptz + interval '30 min')`,
    [clinic.id, pet.id, clinic.service.id, clinic.vets[0].id, `${date}T01:30:00-05:00`],
  )
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)

  await expect(page.getByText('Esta hora no existe: el reloj se adelanta').first()).toBeVisible()
  const luna = calendarCard(page, '01:30', 'Luna')
  await dragCard(page, luna, { minutes: 60 })
  const alert = page.getByRole('alert').filter({ hasText: 'La cita de Luna volvió a su lugar' })
  await expect(alert).toContainText('Esa hora no existe ese día')
  await expect(luna).toBeVisible()
  await dragCard(page, luna, { minutes: 90 })
  await expect(calendarCard(page, '03:00', 'Luna')).toContainText('Reservada')
  const [row] = await clinic.appointments()
  expect(row?.start_time.toISOString()).toBe(`${date}T07:00:00.000Z`)
})

test('the line of now stands at the clinic’s time, not at the browser’s', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala')
  const pet = await clinic.addPet(ownerId, 'Luna')
  // the grid reaches as far as there is something to show
  for (const [vet, time] of [
    [clinic.vets[0], '00:00'],
    [clinic.vets[1], '23:30'],
  ] as const) {
    await clinic.addAppointment({ pet, vet, days: 0, time })
  }
  await page.goto(`/staff/${clinic.id}/day`)
  const card = calendarCard(page, '00:00', 'Luna')
  await expect(page.locator('.ec-now-indicator')).toBeAttached()
  const [midnight, now] = await Promise.all([
    card.evaluate((element) => element.getBoundingClientRect().top),
    page.locator('.ec-now-indicator').evaluate((element) => element.getBoundingClientRect().top),
  ])
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Asuncion', timeStyle: 'short' })
  const [hours = 0, minutes = 0] = clock.format(new Date()).split(':').map(Number)
  const shown = ((now - midnight) * 15) / 22
  expect(Math.abs(shown - (hours * 60 + minutes))).toBeLessThan(3)
})
