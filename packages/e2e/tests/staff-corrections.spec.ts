import { check } from '../src/axe.ts'
import type { Clinic, Named } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

// What the desk corrects, and takes back.

/** Returns the clinic's date some days from now. */
const day = (days: number) =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Asuncion' }).format(Date.now() + days * 86_400_000)

const rosa = '44444444-4444-4444-8444-444444444444'

async function twoPets(clinic: Clinic): Promise<{ luna: Named; toto: Named }> {
  await clinic.addProfile(rosa, 'owner', 'Rosa Ayala', '+595 981 123 456')
  return { luna: await clinic.addPet(rosa, 'Luna'), toto: await clinic.addPet(rosa, 'Toto') }
}

test('pet, service, length and reason are corrected in the drawer, and the history tells what was before', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { luna } = await twoPets(clinic)
  const { id } = await clinic.addAppointment({ pet: luna, vet: clinic.vets[0], days: 2, time: '09:00' })
  await page.goto(`/staff/${clinic.id}/day?date=${day(2)}&open=${id}`)
  await page.getByRole('dialog', { name: 'Cita de Luna' }).getByRole('button', { name: 'Editar' }).click()
  const edit = page.getByRole('dialog', { name: 'Editar la cita de Luna' })
  await edit.getByLabel('Mascota').selectOption({ label: 'Toto' })
  await edit.getByLabel('Duración en minutos').fill('45')
  await edit.getByLabel('Motivo').fill('Control')
  await check(page, 'editing an appointment', '.mantine-Modal-content')
  await edit.getByRole('button', { name: 'Guardar' }).click()
  const drawer = page.getByRole('dialog', { name: 'Cita de Toto' })
  await expect(drawer.getByText('09:00 – 09:45')).toBeVisible()
  const history = drawer.getByRole('region', { name: 'Historial' })
  await expect(history).toContainText('Mascota: Luna → Toto')
  await expect(history).toContainText('Duración en minutos: 30 → 45')
  await expect(history).toContainText('Motivo: sin dato → Control')
  expect(await clinic.appointments()).toMatchObject([{ pet: 'Toto', version: 2 }])
})

test('three taps by mistake are taken back one by one @phone', async ({ page, context, clinic }) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  const { luna } = await twoPets(clinic)
  const { id } = await clinic.addAppointment({
    pet: luna,
    vet: clinic.vets[0],
    days: 0,
    time: '23:00',
    status: 'confirmed',
  })
  await page.goto(`/staff/${clinic.id}/today?open=${id}`)
  const drawer = page.getByRole('dialog', { name: 'Cita de Luna' })
  for (const step of ['Llegó', 'Empezar consulta', 'Terminar'])
    await drawer.getByRole('button', { name: `${step}: Luna, 23:00` }).click()
  for (const status of ['En consulta', 'En sala de espera', 'Confirmada'])
    await drawer.getByRole('button', { name: `Deshacer: volver a «${status}»` }).click()
  await expect(drawer.getByRole('button', { name: /^Deshacer/ })).toBeHidden()
  expect(await clinic.appointments()).toMatchObject([{ status: 'confirmed', version: 7 }])
})
