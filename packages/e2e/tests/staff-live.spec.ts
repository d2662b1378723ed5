import { randomBytes } from 'node:crypto'
import process from 'node:process'
import { apiRole, freePort } from '@vetcita/postgres'
import { apiPassword } from '@vetcita/testing'
import { type ApiProcess, startApi } from '../src/api-process.ts'
import { calendarCard, dragCard, liftCard } from '../src/calendar.ts'
import type { Clinic, Named } from '../src/clinic.ts'
import { deadLine } from '../src/dead-line.ts'
import { expect, test } from '../src/fixtures.ts'
import { call, signUpAt } from '../src/person.ts'

/** Time for a drag, a round trip, and the second within which others see it, on a busy machine. */
const withinASecond = { timeout: 1_000 }

/** Adds Luna's appointment two days from now at 09:00 with the first vet, and returns the path of that day. */
async function arrange(clinic: Clinic) {
  const ownerId = '22222222-2222-4222-8222-222222222222'
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala')
  const pet: Named = await clinic.addPet(ownerId, 'Luna')
  const luna = await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
  return { ...luna, address: `/staff/${clinic.id}/day?date=${luna.date}` }
}

test('two receptionists see each other’s moves, and a pet owner’s booking, within a second', async ({
  page,
  context,
  otherDevice,
  clinic,
  elsewhere,
}) => {
  const { address, date } = await arrange(clinic)
  const other = await otherDevice()
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await signUpAt(clinic, other.context().request, 'Ema Colega', 'receptionist')
  for (const screen of [page, other]) {
    await screen.goto(address)
    await expect(screen.getByText('En vivo')).toBeVisible()
    await expect(calendarCard(screen, '09:00', 'Luna')).toBeVisible()
  }

  await dragCard(page, calendarCard(page, '09:00', 'Luna'), { minutes: 60 })
  await expect(calendarCard(page, '10:00', 'Luna')).toContainText('Reservada')
  await expect(calendarCard(other, '10:00', 'Luna')).toBeVisible(withinASecond)
  await dragCard(other, calendarCard(other, '10:00', 'Luna'), { minutes: 30, columns: -1 })
  await expect(calendarCard(other, '10:30', 'Luna')).toContainText('Reservada')
  await expect(calendarCard(page, '10:30', 'Luna')).toBeVisible(withinASecond)

  const owner = await signUpAt(clinic, elsewhere, 'Ana Vera', 'owner')
  const milo = await clinic.addPet(owner.id, 'Milo')
  await call(owner, clinic, 'appointments.book', {
    petId: milo.id,
    serviceId: clinic.service.id,
    vetId: clinic.vets[0].id,
    startTime: `${date}T14:00:00-03:00`,
    idempotencyKey: randomBytes(8).toString('hex'),
  })
  await expect(calendarCard(page, '14:00', 'Milo')).toBeAttached(withinASecond)
  await expect(calendarCard(other, '14:00', 'Milo')).toBeAttached(withinASecond)
})

test('if both drag one appointment at once, one wins and the other sees why not', async ({
  page,
  context,
  otherDevice,
  clinic,
}) => {
  const { address } = await arrange(clinic)
  const other = await otherDevice()
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await signUpAt(clinic, other.context().request, 'Ema Colega', 'receptionist')
  for (const screen of [page, other]) await screen.goto(address)
  await liftCard(page, calendarCard(page, '09:00', 'Luna'), { minutes: 60 })
  await liftCard(other, calendarCard(other, '09:00', 'Luna'), { minutes: 180 })
  await Promise.all([page.mouse.up(), other.mouse.up()])

  const conflict = (screen: typeof page) =>
    screen.getByRole('alert').filter({ hasText: 'Otra persona cambió esta cita' })
  await expect.poll(async () => (await conflict(page).count()) + (await conflict(other).count())).toBe(1)
  const [row] = await clinic.appointments()
  expect(row?.version).toBe(2)
  for (const screen of [page, other]) {
    await expect(calendarCard(screen, row?.time ?? '', 'Luna')).toContainText('Reservada')
  }
})

test('without a live connection, the calendar says so and polls', async ({
  page,
  context,
  clinic,
  elsewhere,
}) => {
  const { address, id, startTime } = await arrange(clinic)
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const colleague = await signUpAt(clinic, elsewhere, 'Ema Colega', 'receptionist')
  await page.route(/live\.calendar/, (route) => route.abort())
  await page.clock.install()
  await page.goto(address)
  await expect(calendarCard(page, '09:00', 'Luna')).toBeVisible()
  await page.clock.runFor(5_000)
  await expect(page.getByText(/Sin conexión en vivo/)).toBeVisible()
  await call(colleague, clinic, 'appointments.reschedule', {
    appointmentId: id,
    newStartTime: new Date(Date.parse(startTime) + 3_600_000).toISOString(),
  })
  await page.clock.runFor(10_000)
  await expect(calendarCard(page, '10:00', 'Luna')).toBeVisible()
})

test('a connection that fails silently is reported, and is re-established', async ({
  browser,
  baseURL,
  clinic,
  elsewhere,
}) => {
  const { address, id, startTime } = await arrange(clinic)
  const line = await deadLine(baseURL ?? '')
  const context = await browser.newContext({
    baseURL: line.url,
    locale: 'es-PY',
    timezoneId: 'Europe/Madrid',
  })
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const colleague = await signUpAt(clinic, elsewhere, 'Ema Colega', 'receptionist')
  const page = await context.newPage()
  await page.goto(address)
  await expect(page.getByText('En vivo')).toBeVisible()
  line.die()
  await expect(page.getByText(/Sin conexión en vivo: datos de las \d\d:\d\d/)).toBeVisible()
  await call(colleague, clinic, 'appointments.reschedule', {
    appointmentId: id,
    newStartTime: new Date(Date.parse(startTime) + 3_600_000).toISOString(),
  })
  line.heal()
  await expect(page.getByText('En vivo')).toBeVisible()
  await expect(calendarCard(page, '10:00', 'Luna')).toBeVisible()
  await context.close()
  await line.close()
})

test.describe('another process of the API on the same database', () => {
  let api: ApiProcess
  const options = { port: 0, databaseUrl: '', secret: randomBytes(32).toString('base64') }
  test.beforeAll(async () => {
    const database = new URL(process.env.VETCITA_E2E_DATABASE ?? '')
    database.username = apiRole
    database.password = apiPassword
    Object.assign(options, { port: await freePort(), databaseUrl: database.href })
    api = await startApi(options)
  })
  test.afterAll(() => api.stop())

  test('shows changes made through the first, reports its restart, and reconnects', async ({
    browser,
    clinic,
    elsewhere,
  }) => {
    const { address, id, startTime } = await arrange(clinic)
    const context = await browser.newContext({
      baseURL: api.url,
      locale: 'es-PY',
      timezoneId: 'Europe/Madrid',
    })
    await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
    const colleague = await signUpAt(clinic, elsewhere, 'Ema Colega', 'receptionist')
    const moveBy = (hours: number) =>
      call(colleague, clinic, 'appointments.reschedule', {
        appointmentId: id,
        newStartTime: new Date(Date.parse(startTime) + hours * 3_600_000).toISOString(),
      })
    const page = await context.newPage()
    await page.goto(address)
    await expect(page.getByText('En vivo')).toBeVisible()
    await moveBy(1)
    await expect(calendarCard(page, '10:00', 'Luna')).toBeVisible(withinASecond)

    await api.stop()
    await expect(page.getByText(/Sin conexión en vivo/)).toBeVisible()
    await moveBy(2)
    api = await startApi(options)
    await expect(page.getByText('En vivo')).toBeVisible()
    await expect(calendarCard(page, '11:00', 'Luna')).toBeVisible()
    await context.close()
  })
})

test('a user who is no longer staff loses the open calendar at once', async ({
  page,
  context,
  clinic,
  database,
}) => {
  const { address } = await arrange(clinic)
  const receptionist = await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.goto(address)
  await expect(page.getByText('En vivo')).toBeVisible()
  await database.query(`update profiles set role = 'owner' where tenant_id = $1 and id = $2`, [
    clinic.id,
    receptionist.id,
  ])
  await expect(
    page.getByRole('heading', { name: 'Esta página es para el equipo de la clínica' }),
  ).toBeVisible({ timeout: 4_000 })
})
