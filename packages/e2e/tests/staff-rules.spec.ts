import { check } from '../src/axe.ts'
import { calendarCard } from '../src/calendar.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'
import { typeTime } from '../src/time-field.ts'

/** Returns the clinic's date some days from now. */
const day = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Asuncion' }).format(Date.now() + days * 86_400_000)

const rosa = '44444444-4444-4444-8444-444444444444'

test('a taken time lists what is against it; a patient is squeezed in with a reason, which the history tells', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala', '+595 981 123 456')
  const luna = await clinic.addPet(rosa, 'Luna')
  const toto = await clinic.addPet(rosa, 'Toto')
  const [ines, tomas] = clinic.vets
  await clinic.addAppointment({ pet: toto, vet: ines, days: 2, time: '11:00' })
  await clinic.addAppointment({ pet: luna, vet: tomas, days: 2, time: '11:00' })
  await page.goto(`/staff/${clinic.id}/week?date=${day(2)}&vet=${ines.id}`)
  await expect(calendarCard(page, '11:00', 'Toto')).toBeVisible()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: 'Nueva cita' })
  await dialog.getByLabel('¿Para quién es?').fill('luna')
  await page.getByRole('option', { name: /^Luna · Rosa Ayala/ }).click()
  await dialog.getByLabel('Fecha').fill(day(2))
  await typeTime(dialog.getByLabel('Hora de la clínica'), '11:00')
  await dialog.getByRole('button', { name: '¿Por qué no?' }).click()
  const rules = dialog.getByRole('list', { name: 'Qué reglas lo impiden' })
  await expect(rules.getByRole('listitem')).toHaveText([
    /La mascota ya tiene otra cita a esa hora.*el equipo puede/,
    /Ese horario ya está ocupado por otro paciente.*el equipo puede/,
  ])
  await dialog.getByRole('button', { name: 'Reservar', exact: true }).click()
  await expect(dialog.getByText('Luna ya tiene otra cita a las 11:00. ¿Reservar igual?')).toBeVisible()
  await check(page, 'a pet that is busy', '.mantine-Modal-content')
  await dialog.getByRole('button', { name: 'Reservar igual' }).click()
  const squeeze = dialog.getByRole('button', { name: 'Encajar' })
  await expect(dialog.getByRole('button', { name: /10:30, con/ })).toBeVisible()
  await squeeze.click()
  await expect(dialog.getByText(/^Escribí el motivo: quien vea/)).toBeVisible()
  await check(page, 'a squeeze-in', '.mantine-Modal-content')
  await dialog.getByLabel('Motivo para encajarla').fill('Control de un minuto')
  await squeeze.click()
  await expect(page.getByRole('status').filter({ hasText: 'Luna: cita reservada' })).toBeVisible()
  const card = calendarCard(page, '11:00', 'Luna')
  await expect(card).toContainText('Encajada')
  await card.click()
  const drawer = page.getByRole('dialog', { name: 'Cita de Luna' })
  await expect(drawer.getByText('Control de un minuto')).toBeVisible()
  await expect(drawer.getByRole('region', { name: 'Historial' })).toContainText(
    'Pese a: Mascota con otra cita, Encajada',
  )
})

test('a request waits for the clinic, which accepts it, or declines it with a reason', async ({
  page,
  context,
  clinic,
}) => {
  await clinic.bookByRequest()
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala')
  const [luna, toto] = [await clinic.addPet(rosa, 'Luna'), await clinic.addPet(rosa, 'Toto')]
  await clinic.addRequest({ pet: luna, vet: clinic.vets[0], days: 2, time: '09:00' })
  await clinic.addRequest({ pet: toto, vet: clinic.vets[0], days: 2, time: '10:00' })
  await page.goto(`/staff/${clinic.id}/day?date=${day(2)}`)
  await expect(calendarCard(page, '09:00', 'Luna')).toContainText('Por confirmar')
  await calendarCard(page, '09:00', 'Luna').click()
  const drawer = page.getByRole('dialog', { name: 'Cita de Luna' })
  await expect(drawer.getByText(/^Responder antes del/)).toBeVisible()
  await check(page, 'a request', '[role=dialog]')
  await drawer.getByRole('button', { name: 'Aceptar: Luna, 09:00' }).click()
  await expect(drawer.getByText(/^Responder antes del/)).toBeHidden()
  await page.keyboard.press('Escape')
  await calendarCard(page, '10:00', 'Toto').click()
  const other = page.getByRole('dialog', { name: 'Cita de Toto' })
  await other.getByRole('button', { name: 'Más acciones: Toto, 10:00' }).click()
  await page.getByRole('menuitem', { name: 'Rechazar…' }).click()
  const decline = page.getByRole('dialog', { name: 'Rechazar el pedido de Toto' })
  await decline.getByLabel('¿Por qué se rechaza?').fill('Ese día hay cirugías')
  await decline.getByRole('button', { name: 'Rechazar' }).click()
  await expect(decline).toBeHidden()
  expect(await clinic.appointments()).toMatchObject([
    { pet: 'Luna', status: 'scheduled' },
    { pet: 'Toto', status: 'cancelled', cancellation_reason: 'Ese día hay cirugías' },
  ])
})

test('a receptionist closes the clinic for a day, which is then booked on purpose, and opens it again', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala')
  await clinic.addPet(rosa, 'Luna')
  await page.goto(`/staff/${clinic.id}/settings`)
  await expect(page).toHaveURL(/settings\/time-off$/)
  await expect(
    page.getByRole('navigation', { name: 'Secciones de la configuración' }).getByRole('link'),
  ).toHaveText(['Ausencias', 'Días cerrados'])
  await page.goto(`/staff/${clinic.id}/settings/rules`)
  await expect(page.getByText('Solo quien administra la clínica puede entrar acá')).toBeVisible()
  await page.getByRole('link', { name: 'Días cerrados' }).click()
  await page.getByRole('button', { name: 'Nuevo día cerrado' }).click()
  const close = page.getByRole('dialog', { name: 'Nuevo día cerrado' })
  await close.getByLabel('Nombre').fill('Feriado')
  await close.getByLabel('Desde el').fill(day(2))
  await close.getByLabel('Hasta el').fill(day(2))
  await check(page, 'a closed day', '.mantine-Modal-content')
  let sent = 0
  await page.route('**/trpc/settings.addClosure**', async (route) => {
    sent += 1
    if (sent > 1) return route.continue()
    // the day is closed, but the answer is lost
    await route.fetch()
    return route.abort('connectionreset')
  })
  await close.getByRole('button', { name: 'Cerrar la clínica' }).click()
  await expect(close).toBeHidden()
  await expect(page.getByRole('region', { name: /^Feriado/ })).toHaveCount(1)
  expect(sent).toBe(2)

  await page.goto(`/staff/${clinic.id}/day?date=${day(2)}`)
  await expect(page.getByText('Cerrado: Feriado').first()).toBeAttached()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: 'Nueva cita' })
  await dialog.getByLabel('¿Para quién es?').fill('luna')
  await page.getByRole('option', { name: /^Luna · Rosa Ayala/ }).click()
  await typeTime(dialog.getByLabel('Hora de la clínica'), '10:00')
  await dialog.getByRole('button', { name: 'Reservar', exact: true }).click()
  await expect(dialog.getByText('La clínica está cerrada a las 10:00. ¿Reservar igual?')).toBeVisible()
  await dialog.getByRole('button', { name: 'Reservar igual' }).click()
  await expect(calendarCard(page, '10:00', 'Luna')).toContainText('Clínica cerrada')

  await page.goto(`/staff/${clinic.id}/settings/closures`)
  await page.getByRole('button', { name: /^Quitar «Feriado»/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Quitar' }).click()
  await expect(page.getByText('No hay próximos días cerrados')).toBeVisible()
})
