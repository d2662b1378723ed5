import type { Page } from '@playwright/test'
import { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { call, password, signUp, signUpAt } from '../src/person.ts'

const card = (page: Page, time: string, pet: string) =>
  page.getByRole('article', { name: `${time} ${pet}`, exact: true })

/** An owner with a pet and an appointment two days from now at 09:00 with the first vet. */
async function arrange(clinic: Clinic, ownerId: string) {
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala', '+595 981 123 456')
  const pet = await clinic.addPet(ownerId, 'Luna')
  return clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
}

const ownerId = '11111111-1111-4111-8111-111111111111'

test('a receptionist signs in, finds the day and takes an appointment through it @phone', async ({
  page,
  clinic,
  elsewhere,
}) => {
  const receptionist = await signUpAt(clinic, elsewhere, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto('/staff/')
  const form = page.getByRole('form', { name: 'Iniciar sesión' })
  await form.getByLabel('Correo electrónico').fill(receptionist.email)
  await form.getByLabel('Contraseña', { exact: true }).fill(password)
  await form.getByRole('button', { name: 'Iniciar sesión' }).click()

  await expect(page.getByText('No hay citas este día')).toBeVisible()
  await page.getByLabel('Fecha').fill(date)
  const luna = card(page, '09:00', 'Luna')
  await expect(page.getByRole('region', { name: clinic.vets[0].name }).getByRole('article')).toHaveCount(1)
  await expect(luna.getByRole('link', { name: /^Llamar a Rosa Ayala/ })).toHaveAttribute(
    'href',
    'tel:+595981123456',
  )
  await luna.getByRole('button', { name: 'Confirmar: Luna, 09:00' }).click()
  await expect(luna.getByText('Confirmada', { exact: true })).toBeVisible()
  await luna.getByRole('button', { name: 'Llegó: Luna, 09:00' }).click()
  await expect(luna.getByText('En sala de espera', { exact: true })).toBeVisible()
  await expect(luna.getByRole('button', { name: /^Mover/ })).toBeHidden()
  expect(await clinic.appointments()).toMatchObject([{ status: 'checked_in', version: 3 }])
})

test('an appointment moves to another vet @phone', async ({ page, context, clinic }) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await card(page, '09:00', 'Luna')
    .getByRole('button', { name: /^Mover/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await dialog.getByLabel('Con quién').selectOption({ label: clinic.vets[1].name })
  await dialog.getByRole('button', { name: '09:45', exact: true }).click()
  await dialog.getByRole('button', { name: /^Mover a .*09:45$/ }).click()

  await expect(page.getByRole('status').filter({ hasText: `con ${clinic.vets[1].name}` })).toBeVisible()
  const column = page.getByRole('region', { name: clinic.vets[1].name })
  await expect(column.getByRole('article', { name: '09:45 Luna' })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { time: '09:45', vet_id: clinic.vets[1].id, version: 2 },
  ])
})

test('a move onto a taken time is explained, and the nearest free one is a tap away', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  const max = await clinic.addPet(ownerId, 'Max')
  await clinic.addAppointment({ pet: max, vet: clinic.vets[0], days: 2, time: '11:00' })
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await card(page, '09:00', 'Luna')
    .getByRole('button', { name: /^Mover/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await dialog.getByRole('switch', { name: 'Elegir otra hora a mano' }).press('Space')
  await dialog.getByLabel('Hora de la clínica').fill('11:00')
  await dialog.getByRole('button', { name: /^Mover a .*11:00$/ }).click()
  const alert = dialog.getByRole('alert').filter({ hasText: 'Ese horario ya lo tiene otro paciente' })
  await alert.getByRole('button', { name: /10:30, con/ }).click()

  await expect(card(page, '10:30', 'Luna')).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { pet: 'Luna', time: '10:30' },
    { pet: 'Max', time: '11:00' },
  ])
})

test('staff may move an appointment outside the hours that owners are offered', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await card(page, '09:00', 'Luna')
    .getByRole('button', { name: /^Mover/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await dialog.getByRole('switch', { name: 'Elegir otra hora a mano' }).press('Space')
  await dialog.getByLabel('Hora de la clínica').fill('20:10')
  await dialog.getByRole('button', { name: /^Mover a .*20:10$/ }).click()

  await expect(card(page, '20:10', 'Luna')).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ time: '20:10' }])
})

test('a card that a colleague has changed meanwhile is explained and shown as it is', async ({
  page,
  context,
  clinic,
  elsewhere,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const colleague = await signUpAt(clinic, elsewhere, 'Ema Colega', 'receptionist')
  const { id, date, startTime } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await expect(card(page, '09:00', 'Luna')).toBeVisible()
  await call(colleague, clinic, 'appointments.reschedule', {
    appointmentId: id,
    newStartTime: new Date(Date.parse(startTime) + 3_600_000).toISOString(),
  })
  await page.getByRole('button', { name: 'Confirmar: Luna, 09:00' }).click()

  const moved = card(page, '10:00', 'Luna')
  await expect(moved.getByRole('alert')).toContainText('Otra persona cambió esta cita')
  expect(await clinic.appointments()).toMatchObject([{ status: 'scheduled', time: '10:00', version: 2 }])
  await moved.getByRole('button', { name: 'Confirmar: Luna, 10:00' }).click()
  await expect(moved.getByText('Confirmada', { exact: true })).toBeVisible()
  await expect(moved.getByRole('alert')).toBeHidden()
})

test('a move is held back where a colleague moved the appointment meanwhile, until that has been read', async ({
  page,
  context,
  clinic,
  elsewhere,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const colleague = await signUpAt(clinic, elsewhere, 'Ema Colega', 'receptionist')
  const { id, date, startTime } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await card(page, '09:00', 'Luna')
    .getByRole('button', { name: /^Mover/ })
    .click()
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await dialog.getByRole('button', { name: '14:00', exact: true }).click()
  await call(colleague, clinic, 'appointments.reschedule', {
    appointmentId: id,
    newStartTime: new Date(Date.parse(startTime) + 3_600_000).toISOString(),
  })
  const move = dialog.getByRole('button', { name: /^Mover a .*14:00$/ })
  await move.click()
  await expect(dialog.getByRole('alert')).toContainText('Otra persona cambió esta cita')
  await expect(dialog.getByText(/^Ahora: .*10:00/)).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ time: '10:00', version: 2 }])
  await move.click()

  await expect(card(page, '14:00', 'Luna')).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ time: '14:00', version: 3 }])
})

test('an appointment is cancelled with a reason', async ({ page, context, clinic }) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  const luna = card(page, '09:00', 'Luna')
  await luna.getByRole('button', { name: /^Más acciones/ }).click()
  await expect(page.getByRole('menuitem', { name: 'No asistió' })).toBeHidden()
  await page.getByRole('menuitem', { name: 'Cancelar la cita…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancelar la cita de Luna' })
  await dialog.getByRole('button', { name: 'Cancelar la cita' }).click()
  await expect(dialog.getByText('Escribí el motivo.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Lo pidió el dueño' }).click()
  await dialog.getByRole('button', { name: 'Cancelar la cita' }).click()

  await expect(luna.getByText('Cancelada', { exact: true })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { status: 'cancelled', cancellation_reason: 'Lo pidió el dueño' },
  ])
})

test('who works at two clinics switches between them', async ({ page, context, clinic, database }) => {
  const other = new Clinic(database)
  await other.create()
  const receptionist = await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await other.addProfile(receptionist.id, 'vet', 'Lía Recepción')
  await page.goto(`/staff/${clinic.id}/day`)
  await page.getByRole('button', { name: `Cambiar de clínica: ${clinic.name}` }).click()
  await page.getByRole('menuitem', { name: other.name }).click()
  await expect(page.getByRole('button', { name: `Cambiar de clínica: ${other.name}` })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`/staff/${other.id}/day`))
})

test('an owner at the clinic’s app is told politely where their appointments are', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  await page.goto('/staff/')
  await expect(
    page.getByRole('heading', { name: 'Esta página es para el equipo de la clínica' }),
  ).toBeVisible()
  await page.getByRole('link', { name: 'Ir a mis citas' }).click()
  await expect(page.getByRole('heading', { name: 'Mis citas' })).toBeVisible()
})

test('a clinic that is not theirs shows nothing of itself', async ({ page, context, clinic, elsewhere }) => {
  await signUp(elsewhere, 'Nadie')
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.goto('/staff/adris/day')
  await expect(page.getByText('Tu cuenta no es del equipo de esta clínica')).toBeVisible()
  await expect(page.getByRole('link', { name: clinic.name })).toBeVisible()
})
