import { calendarCard, dragCard, liftCard } from '../src/calendar.ts'
import { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

// a browser in English and in another zone than the clinics, neither of which may matter
test.use({ locale: 'en-US' })

const ownerId = '33333333-3333-4333-8333-333333333333'

/** Returns the first or second Sunday of a month (January is 0) of next year. */
function sunday(month: number, which: 1 | 2): string {
  const first = new Date(Date.UTC(new Date().getUTCFullYear() + 1, month, 1))
  first.setUTCDate(1 + ((7 - first.getUTCDay()) % 7) + 7 * (which - 1))
  return first.toISOString().slice(0, 10)
}

/** The dates on which New York's clocks change. */
const clocksForward = sunday(2, 2)
const clocksBack = sunday(10, 1)

test('a clinic in another zone than the browser, on the days when its clocks change', async ({
  page,
  context,
  database,
}) => {
  const clinic = new Clinic(database)
  await clinic.create()
  const date = clocksForward
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
  await expect(page.getByLabel('Fecha', { exact: true })).toHaveValue(date.split('-').reverse().join('/'))
  await expect(page.getByText('Horarios de la clínica: hora oriental')).toBeVisible()
  const luna = calendarCard(page, '01:30', 'Luna')
  await dragCard(page, luna, { minutes: 60 })
  const alert = page.getByRole('alert').filter({ hasText: 'La cita de Luna volvió a su lugar' })
  await expect(alert).toContainText('Esa hora no existe ese día')
  await expect(luna).toBeVisible()
  await dragCard(page, luna, { minutes: 90 })
  await expect(calendarCard(page, '03:00', 'Luna')).toContainText('Reservada')
  const [row] = await clinic.appointments()
  expect(row?.start_time.toISOString()).toBe(`${date}T07:00:00.000Z`)

  await page.goto(`/staff/${clinic.id}/day?date=${clocksBack}`)
  await expect(page.getByText('Esta hora se repite: el reloj se atrasa').first()).toBeVisible()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: 'Nueva cita' })
  await dialog.getByLabel('Para quién').fill('luna')
  await page.getByRole('option', { name: /^Luna · Rosa Ayala/ }).click()
  await dialog.getByRole('button', { name: '01:30 (-05:00)' }).click()
  await dialog.getByRole('button', { name: 'Reservar' }).click()
  await expect(calendarCard(page, '01:30 (-05:00)', 'Luna')).toBeVisible()
  const [, second] = await clinic.appointments()
  expect(second?.start_time.toISOString()).toBe(`${clocksBack}T06:30:00.000Z`)
})

test('the line of the present time is at the clinic’s time, not the browser’s', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala')
  const pet = await clinic.addPet(ownerId, 'Luna')
  // the grid extends to the last appointment
  for (const [vet, time] of [
    [clinic.vets[0], '00:00'],
    [clinic.vets[1], '23:30'],
  ] as const) {
    await clinic.addAppointment({ pet, vet, days: 0, time })
  }
  await page.goto(`/staff/${clinic.id}/day`)
  const card = calendarCard(page, '00:00', 'Luna')
  await expect(page.locator('.vs-now')).toBeAttached()
  const [midnight, now] = await Promise.all([
    card.evaluate((element) => element.getBoundingClientRect().top),
    page.locator('.vs-now').evaluate((element) => element.getBoundingClientRect().top),
  ])
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Asuncion', timeStyle: 'short' })
  const [hours = 0, minutes = 0] = clock.format(new Date()).split(':').map(Number)
  const shown = ((now - midnight) * 15) / 22
  expect(Math.abs(shown - (hours * 60 + minutes))).toBeLessThan(3)

  await page
    .locator('.vs-grid')
    .evaluate((grid, morning) => grid.scrollTo(0, morning ? 9_999 : 0), hours < 12)
  await expect(page.locator('.vs-now')).not.toBeInViewport()
  await page.keyboard.press('t')
  await expect(page.locator('.vs-now')).toBeInViewport()
})

test.describe('dragging', () => {
  test.use({ hasTouch: true })

  test('the grid scrolls while a card is dragged to its edge, Escape cancels, and a swipe scrolls', async ({
    page,
    context,
    clinic,
  }) => {
    await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
    await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala')
    const pet = await clinic.addPet(ownerId, 'Luna')
    const { date } = await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
    await page.goto(`/staff/${clinic.id}/day?date=${date}`)
    const luna = calendarCard(page, '09:00', 'Luna')
    const grid = page.locator('.vs-grid')

    await liftCard(page, luna, { minutes: 45 })
    await expect(page.locator('.vs-drag')).toContainText('09:45 · Dra. Inés Paredes')
    await page.keyboard.press('Escape')
    await expect(page.locator('.vs-drag')).toHaveCount(0)
    await page.mouse.up()
    expect(await clinic.appointments()).toMatchObject([{ time: '09:00', version: 1 }])
    await expect(page.getByRole('dialog')).toHaveCount(0)

    // at the lower edge, the grid scrolls under the card
    await liftCard(page, luna, { minutes: 15 })
    const box = await grid.boundingBox()
    if (box === null) throw new Error('the grid is not on screen')
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 12, { steps: 8 })
    await expect.poll(() => grid.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(60)
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await grid.evaluate((element) => element.scrollTo(0, 0))

    const finger = await context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', at?: { x: number; y: number }) =>
      finger.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [at] })
    const card = await luna.boundingBox()
    if (card === null) throw new Error('the card is not on screen')
    const from = { x: card.x + 40, y: card.y + 8 }
    const moveUp = async () => {
      for (let step = 1; step <= 6; step += 1) await touch('touchMove', { x: from.x, y: from.y - step * 11 })
    }
    await touch('touchStart', from)
    await moveUp()
    await touch('touchEnd')
    await expect.poll(() => grid.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(20)
    expect(await clinic.appointments()).toMatchObject([{ time: '09:00', version: 1 }])
  })
})
