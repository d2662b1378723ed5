import type { Page } from '@playwright/test'
import { check } from '../src/axe.ts'
import { calendarCard, dragCard } from '../src/calendar.ts'
import type { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { call, password, signUpAt } from '../src/person.ts'
import { typeTime } from '../src/time-field.ts'

/** Adds a pet owner with a pet and an appointment two days from now at 09:00 with the first vet. */
async function arrange(clinic: Clinic, ownerId: string) {
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala', '+595 981 123 456')
  const pet = await clinic.addPet(ownerId, 'Luna')
  return clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
}

const ownerId = '11111111-1111-4111-8111-111111111111'

/** Opens the drawer of Luna's appointment from its card. */
async function openLuna(page: Page, time = '09:00') {
  await calendarCard(page, time, 'Luna').click()
  return page.getByRole('dialog', { name: 'Cita de Luna' })
}

test('a receptionist signs in, opens a day and confirms an appointment of another one @phone', async ({
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

  await page.getByLabel('Fecha', { exact: true }).fill(date)
  const luna = calendarCard(page, '09:00', 'Luna')
  await expect(luna).toContainText('Reservada')
  const drawer = await openLuna(page)
  await expect(drawer.getByRole('link', { name: /^Llamar a Rosa Ayala/ })).toHaveAttribute(
    'href',
    'tel:+595981123456',
  )
  await drawer.getByRole('button', { name: 'Confirmar: Luna, 09:00' }).click()
  await expect(drawer.getByText('Confirmada', { exact: true })).toBeVisible()
  // the appointment is on another day: nobody comes yet
  await expect(drawer.getByRole('button', { name: /^(Llegó|No asistió)/ })).toBeHidden()
  await drawer.getByRole('button', { name: 'Cerrar' }).click()
  await expect(luna).toContainText('Confirmada')
  expect(await clinic.appointments()).toMatchObject([{ status: 'confirmed', version: 2 }])
})

test('an appointment is moved to another vet by keyboard @phone', async ({ page, context, clinic }) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await expect(calendarCard(page, '09:00', 'Luna')).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('m')
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await expect(dialog).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(calendarCard(page, '09:00', 'Luna')).toBeFocused()
  await page.keyboard.press('m')
  await dialog.getByLabel('Con quién').selectOption({ label: clinic.vets[1].name })
  await dialog.getByRole('button', { name: '09:45', exact: true }).click()
  await dialog.getByRole('button', { name: /^Mover a .*09:45$/ }).click()

  await expect(page.getByRole('status').filter({ hasText: `con ${clinic.vets[1].name}` })).toBeVisible()
  await expect(calendarCard(page, '09:45', 'Luna')).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { time: '09:45', vet_id: clinic.vets[1].id, version: 2 },
  ])
})

test('a card is dragged to another vet and time; dropped on a taken slot it returns, with the nearest free times', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  const max = await clinic.addPet(ownerId, 'Max')
  await clinic.addAppointment({ pet: max, vet: clinic.vets[0], days: 2, time: '11:00' })
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await expect(calendarCard(page, '09:00', 'Luna')).toBeVisible()
  // vets are sorted by name: Dr. Tomás, then Dra. Inés
  await dragCard(page, calendarCard(page, '09:00', 'Luna'), { minutes: 60, columns: -1 })
  await expect(calendarCard(page, '10:00', 'Luna')).toContainText('Reservada')
  expect(await clinic.appointments()).toMatchObject([
    { pet: 'Luna', time: '10:00', vet_id: clinic.vets[1].id, version: 2 },
    { pet: 'Max', time: '11:00' },
  ])

  await dragCard(page, calendarCard(page, '10:00', 'Luna'), { minutes: 60, columns: 1 })
  const alert = page.getByRole('alert').filter({ hasText: 'La cita de Luna volvió a su lugar' })
  await expect(alert).toContainText('Ese horario ya está ocupado por otro paciente')
  await check(page, 'a refused drop')
  await expect(calendarCard(page, '10:00', 'Luna')).toBeVisible()
  await alert.getByRole('button', { name: /10:30, con Dra. Inés/ }).click()
  await expect(calendarCard(page, '10:30', 'Luna')).toContainText('Reservada')
  await expect(alert).toBeHidden()
  expect(await clinic.appointments()).toMatchObject([
    { pet: 'Luna', time: '10:30', vet_id: clinic.vets[0].id, version: 3 },
    { pet: 'Max', time: '11:00' },
  ])
})

test('staff may move an appointment outside the vet’s hours', async ({ page, context, clinic }) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await (await openLuna(page)).getByRole('button', { name: /^Mover/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await dialog.getByRole('switch', { name: 'Escribir otra hora' }).press('Space')
  await typeTime(dialog.getByLabel('Hora de la clínica'), '20:10')
  await dialog.getByRole('button', { name: /^Mover a .*20:10$/ }).click()

  await expect(calendarCard(page, '20:10', 'Luna')).toBeAttached()
  expect(await clinic.appointments()).toMatchObject([{ time: '20:10' }])
})

test('a move is held back if a colleague moved the appointment since, until that is confirmed', async ({
  page,
  context,
  clinic,
  elsewhere,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const colleague = await signUpAt(clinic, elsewhere, 'Ema Colega', 'receptionist')
  const { id, date, startTime } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  await (await openLuna(page)).getByRole('button', { name: /^Mover/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await dialog.getByRole('button', { name: '14:00', exact: true }).click()
  await call(colleague, clinic, 'appointments.reschedule', {
    appointmentId: id,
    newStartTime: new Date(Date.parse(startTime) + 3_600_000).toISOString(),
  })
  const move = dialog.getByRole('button', { name: /^Mover a .*14:00$/ })
  await move.click()
  await expect(dialog.getByRole('alert')).toContainText('Otra persona cambió esta cita')
  await check(page, 'a move held back', '.mantine-Modal-content')
  await expect(dialog.getByText(/^Ahora: .*10:00/)).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ time: '10:00', version: 2 }])
  await move.click()

  await expect(calendarCard(page, '14:00', 'Luna')).toBeAttached()
  expect(await clinic.appointments()).toMatchObject([{ time: '14:00', version: 3 }])
})

test('an appointment is cancelled with a reason', async ({ page, context, clinic }) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { date } = await arrange(clinic, ownerId)
  await page.goto(`/staff/${clinic.id}/day?date=${date}`)
  const drawer = await openLuna(page)
  await drawer.getByRole('button', { name: /^Más acciones/ }).click()
  await expect(page.getByRole('menuitem', { name: 'No asistió' })).toBeHidden()
  await page.getByRole('menuitem', { name: 'Cancelar la cita…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Cancelar la cita de Luna' })
  await dialog.getByRole('button', { name: 'Cancelar la cita' }).click()
  await expect(dialog.getByText('Escribí el motivo.')).toBeVisible()
  await dialog.getByRole('button', { name: 'Lo pidió el dueño' }).click()
  await dialog.getByRole('button', { name: 'Cancelar la cita' }).click()

  await expect(drawer.getByText('Cancelada', { exact: true })).toBeVisible()
  await expect(dialog).toBeHidden()
  await expect(drawer.locator(':focus').or(drawer.and(page.locator(':focus')))).toBeVisible()
  await drawer.getByRole('button', { name: 'Cerrar' }).click()
  await expect(calendarCard(page, '09:00', 'Luna')).toBeHidden()
  await page.getByRole('switch', { name: 'Ver canceladas' }).press('Space')
  await expect(calendarCard(page, '09:00', 'Luna')).toContainText('Cancelada')
  expect(await clinic.appointments()).toMatchObject([
    { status: 'cancelled', cancellation_reason: 'Lo pidió el dueño' },
  ])
})

test('the day’s queue takes a patient from arrival to completion, one tap per step @phone', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala', '+595 981 123 456')
  const pet = await clinic.addPet(ownerId, 'Luna')
  await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 0, time: '23:00', status: 'confirmed' })
  const max = await clinic.addPet(ownerId, 'Max')
  await clinic.addAppointment({ pet: max, vet: clinic.vets[1], days: 0, time: '00:00' })
  await page.goto(`/staff/${clinic.id}/today`)
  const luna = page.getByRole('article', { name: '23:00 Luna' })
  const stage = (name: RegExp) => page.getByRole('region', { name })
  await stage(/^Por llegar/)
    .getByRole('button', { name: 'Llegó: Luna, 23:00' })
    .click()
  await expect(stage(/^En sala de espera/).getByText('Espera hace 0 min')).toBeVisible()
  await luna.getByRole('button', { name: 'Empezar consulta: Luna, 23:00' }).click()
  await stage(/^En consulta/)
    .getByRole('button', { name: 'Terminar: Luna, 23:00' })
    .click()
  await expect(stage(/^Terminadas/).getByRole('article')).toHaveCount(1)
  await page.getByRole('button', { name: 'No asistió: Max, 00:00' }).click()
  await expect(stage(/^Terminadas/).getByRole('article')).toHaveCount(2)
  await expect(page.getByRole('button', { name: 'Llegó tarde: Max, 00:00' })).toBeVisible()
  await expect(luna.getByRole('button')).toHaveCount(1)
  expect(await clinic.appointments()).toMatchObject([
    { status: 'completed', version: 4 },
    { status: 'no_show', version: 2 },
  ])
})
