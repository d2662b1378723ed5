import { check } from '../src/axe.ts'
import { calendarCard } from '../src/calendar.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'
import { typeTime } from '../src/time-field.ts'

/** Returns the clinic's date some days from now. */
const day = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Asuncion' }).format(Date.now() + days * 86_400_000)

const rosa = '44444444-4444-4444-8444-444444444444'

test('a click on a free slot books for a new client, made once even if the answer is lost; outside hours needs confirmation', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala', '+595 981 123 456')
  await clinic.addPet(rosa, 'Luna')
  await page.goto(`/staff/${clinic.id}/day?date=${day(2)}`)
  // vets are sorted by name, and the grid begins at 07:00: the second column at 10:00
  await page
    .locator('.vs-column')
    .nth(1)
    .click({ position: { x: 60, y: 3 * 88 + 8 } })
  const dialog = page.getByRole('dialog', { name: 'Nueva cita' })
  await expect(dialog.getByLabel('Hora de la clínica')).toHaveValue('10')
  await expect(dialog.getByLabel('Fecha')).toHaveValue(day(2).split('-').reverse().join('/'))
  await expect(dialog.getByLabel('Con quién')).toHaveValue(clinic.vets[0].id)
  await dialog.getByLabel('¿Para quién es?').fill('Elvira Nueva')
  await page.getByRole('option', { name: 'Cliente nuevo: Elvira Nueva' }).click()
  await dialog.getByRole('button', { name: 'Reservar' }).click()
  await expect(dialog.getByText('Completá este campo.')).toBeVisible()
  await expect(dialog.getByLabel('Nombre de la mascota')).toBeFocused()
  await dialog.getByLabel('Nombre de la mascota').fill('Toto')
  let sent = 0
  await page.route('**/trpc/clients.create**', async (route) => {
    sent += 1
    if (sent > 1) return route.continue()
    // the client is made, but the answer is lost
    await route.fetch()
    return route.abort('connectionreset')
  })
  await dialog.getByRole('button', { name: 'Reservar' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Toto: cita reservada' })).toBeVisible()
  await expect(calendarCard(page, '10:00', 'Toto')).toBeVisible()
  expect(sent).toBe(2)

  await page.keyboard.press('n')
  await dialog.getByLabel('¿Para quién es?').fill('elvira')
  await expect(page.getByRole('option', { name: /^Toto · Elvira Nueva/ })).toHaveCount(1)
  await dialog.getByLabel('¿Para quién es?').fill('123 456')
  await page.getByRole('option', { name: /^Luna · Rosa Ayala/ }).click()
  await typeTime(dialog.getByLabel('Hora de la clínica'), '20:30')
  const book = dialog.getByRole('button', { name: 'Reservar' })
  await expect(book).toBeDisabled()
  await dialog.getByRole('checkbox', { name: /fuera del horario de atención/ }).check()
  await book.click()
  await expect(calendarCard(page, '20:30', 'Luna')).toBeAttached()
  expect(await clinic.appointments()).toMatchObject([
    { pet: 'Toto', time: '10:00', vet_id: clinic.vets[0].id },
    { pet: 'Luna', time: '20:30' },
  ])
})

test('a taken time is explained with the nearest free ones; search and today by keyboard', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala', '+595 981 123 456')
  await clinic.addPet(rosa, 'Luna')
  const toto = await clinic.addPet(rosa, 'Toto')
  await clinic.addAppointment({ pet: toto, vet: clinic.vets[0], days: 2, time: '11:00' })
  await page.goto(`/staff/${clinic.id}/week?date=${day(2)}&vet=${clinic.vets[0].id}`)
  await expect(calendarCard(page, '11:00', 'Toto')).toBeVisible()
  await page.keyboard.press('n')
  const dialog = page.getByRole('dialog', { name: 'Nueva cita' })
  await dialog.getByLabel('¿Para quién es?').fill('luna')
  await page.getByRole('option', { name: /^Luna · Rosa Ayala/ }).click()
  await dialog.getByLabel('Fecha').fill(day(2))
  await typeTime(dialog.getByLabel('Hora de la clínica'), '11:00')
  await dialog.getByRole('button', { name: 'Reservar' }).click()
  const alert = dialog.getByRole('alert').filter({ hasText: 'Ese horario ya está ocupado por otro paciente' })
  await expect(alert).toBeVisible()
  await check(page, 'a refused booking', '.mantine-Modal-content')
  await alert.getByRole('button', { name: /10:30, con/ }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Luna: cita reservada' })).toBeVisible()
  expect(await clinic.appointments()).toHaveLength(2)

  await page.keyboard.press('t')
  await expect(page).not.toHaveURL(/date=/)
  await page.keyboard.press('/')
  const search = page.getByRole('dialog', { name: 'Buscar cliente o mascota' })
  await search.getByLabel('Cliente, teléfono o mascota').fill('rosa')
  await page.getByRole('option', { name: /^Luna · Rosa Ayala/ }).click()
  await expect(page.getByRole('heading', { name: 'Rosa Ayala' })).toBeVisible()
})

test('the drawer shows who did what, and detects that two people edited the notes', async ({
  page,
  context,
  otherDevice,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala', '+595 981 123 456')
  const luna = await clinic.addPet(rosa, 'Luna')
  const { id } = await clinic.addAppointment({ pet: luna, vet: clinic.vets[0], days: 2, time: '09:00' })
  const address = `/staff/${clinic.id}/day?date=${day(2)}&open=${id}`
  const other = await otherDevice()
  await signUpAt(clinic, other.context().request, 'Ema Colega', 'receptionist')
  await page.goto(address)
  await other.goto(address)
  const [mine, theirs] = [page, other].map((screen) => screen.getByRole('dialog', { name: 'Cita de Luna' }))
  if (mine === undefined || theirs === undefined) throw new Error('no drawers')
  await theirs.getByRole('button', { name: 'Confirmar: Luna, 09:00' }).click()
  const history = mine.getByRole('region', { name: 'Historial' })
  await expect(history.getByRole('listitem').first()).toContainText('De «Reservada» a «Confirmada»')
  await expect(history.getByRole('listitem').first()).toContainText('Ema Colega')
  await expect(history.getByRole('listitem').last()).toContainText('Reservada para el')

  await mine.getByLabel('Notas').fill('Llega con bozal')
  await theirs.getByLabel('Notas').fill('Alérgica a la penicilina')
  await theirs.getByRole('button', { name: 'Guardar notas' }).click()
  await expect(theirs.getByText('Notas guardadas.')).toBeVisible()
  // over the live connection: without it, a screen refetches its day only every half minute
  const soon = { timeout: 10_000 }
  await expect(history.getByRole('listitem').first()).toContainText('Notas cambiadas', soon)
  await expect(history.getByRole('listitem').first()).toContainText('Ema Colega')
  await mine.getByRole('button', { name: 'Guardar notas' }).click()
  const conflict = mine.getByRole('alert').filter({ hasText: 'Otra persona escribió notas' })
  await expect(conflict).toContainText('Alérgica a la penicilina')
  await check(mine.page(), 'two people’s notes', '[role=dialog]')
  await mine.getByLabel('Notas').fill('Llega con bozal. Alérgica a la penicilina')
  await mine.getByRole('button', { name: 'Guardar notas' }).click()
  await expect(mine.getByText('Notas guardadas.')).toBeVisible()
  await expect(theirs.getByLabel('Notas')).toHaveValue('Llega con bozal. Alérgica a la penicilina', soon)
})
