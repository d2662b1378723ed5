import type { Page } from '@playwright/test'
import type { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

// The clinic's rules as a pet owner meets them: a plain sentence, and a way on.

async function chooseUntilConfirm(page: Page, clinic: Clinic, pet: string, vet: RegExp): Promise<void> {
  await page.goto(`/${clinic.id}/book`)
  await page.getByRole('button', { name: pet }).click()
  await page.getByRole('button', { name: clinic.service.name }).click()
  await page.getByRole('button', { name: vet }).click()
  await page
    .getByRole('button', { name: /^\d\d:\d\d$/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Revisá y confirmá' })).toBeVisible()
}

const confirm = (page: Page) => page.getByRole('button', { name: 'Confirmar reserva' })
const done = (page: Page) => page.getByRole('heading', { name: '¡Listo! Te esperamos' })

test('one pet with two vets at one time is refused, and another time is a press away @phone', async ({
  page,
  context,
  otherDevice,
  clinic,
}) => {
  const { id } = await signUpAt(clinic, context.request, 'Rosa Ayala', 'owner')
  await clinic.addPet(id, 'Luna')
  const other = await otherDevice()
  await other.context().addCookies(await context.cookies())
  await chooseUntilConfirm(page, clinic, 'Luna', new RegExp(clinic.vets[0].name))
  await chooseUntilConfirm(other, clinic, 'Luna', new RegExp(clinic.vets[1].name))
  await confirm(page).click()
  await expect(done(page)).toBeVisible()
  await confirm(other).click()
  await expect(other.getByRole('alert')).toContainText('Tu mascota ya tiene otra cita a esa hora')
  await other.getByRole('alert').getByRole('button').click()
  await expect(other.getByRole('heading', { name: '¿Cuándo te queda bien?' })).toBeVisible()
  expect(await clinic.appointments()).toHaveLength(1)
})

test('the limit of open appointments is told, and nothing is booked', async ({ page, context, clinic }) => {
  const { id } = await signUpAt(clinic, context.request, 'Rosa Ayala', 'owner')
  const luna = await clinic.addPet(id, 'Luna')
  await clinic.addAppointment({ pet: luna, vet: clinic.vets[0], days: 3, time: '10:00' })
  await clinic.limitOpen(1)
  await chooseUntilConfirm(page, clinic, 'Luna', /^Cualquiera/)
  await confirm(page).click()
  await expect(page.getByRole('alert')).toContainText('Ya tenés todas las citas pendientes')
  expect(await clinic.appointments()).toHaveLength(1)
})

test('a price that changes in between is shown and asked about; the second press books it', async ({
  page,
  context,
  clinic,
}) => {
  const { id } = await signUpAt(clinic, context.request, 'Rosa Ayala', 'owner')
  await clinic.addPet(id, 'Luna')
  await chooseUntilConfirm(page, clinic, 'Luna', /^Cualquiera/)
  await clinic.changePrice(150_000)
  await confirm(page).click()
  const changed = page.getByRole('alert').filter({ hasText: 'La clínica cambió este servicio' })
  await expect(changed).toContainText('120.000')
  await expect(changed).toContainText('150.000')
  expect(await clinic.appointments()).toEqual([])
  await confirm(page).click()
  await expect(done(page)).toBeVisible()
})

test('a service by request says so, waits for the clinic, and is accepted at the desk', async ({
  page,
  context,
  otherDevice,
  clinic,
}) => {
  const { id } = await signUpAt(clinic, context.request, 'Rosa Ayala', 'owner')
  await clinic.addPet(id, 'Luna')
  await clinic.bookByRequest()
  await chooseUntilConfirm(page, clinic, 'Luna', /^Cualquiera/)
  await expect(page.getByText('La clínica tiene que aceptar la cita')).toBeVisible()
  await confirm(page).click()
  await expect.poll(async () => (await clinic.appointments()).map(({ status }) => status)).toEqual(['held'])
  const [held] = await clinic.appointments()
  const desk = await otherDevice()
  await signUpAt(clinic, desk.context().request, 'Lía Recepción', 'receptionist')
  const date = held?.start_time.toISOString().slice(0, 10)
  await desk.goto(`/staff/${clinic.id}/day?date=${date}&open=${held?.id}`)
  const drawer = desk.getByRole('dialog', { name: 'Cita de Luna' })
  await expect(drawer.getByText(/^Responder antes del/)).toBeVisible()
  await drawer.getByRole('button', { name: /^Aceptar: Luna/ }).click()
  await expect(drawer.getByText('Reservada', { exact: true })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ status: 'scheduled' }])
})
