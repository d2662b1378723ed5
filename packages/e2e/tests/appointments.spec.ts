import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

test('an owner moves an appointment in the dialog @phone', async ({ page, context, clinic }) => {
  const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  const pet = await clinic.addPet(owner.id, 'Luna')
  const before = await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
  await page.goto(`/${clinic.id}/portal/appointments`)
  await page.getByRole('button', { name: 'Reprogramar Consulta general de Luna' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reprogramar la cita' })
  await dialog.getByRole('button', { name: new RegExp(`^\\S+ ${Number(before.date.slice(8))} de`) }).click()
  await dialog.getByRole('button', { name: '10:30', exact: true }).click()
  await dialog.getByRole('button', { name: 'Mover la cita' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'a las 10:30' })).toBeVisible()
  await expect(page.getByRole('article').filter({ hasText: '10:30 a 11:00' })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { id: before.id, time: '10:30', vet_id: clinic.vets[0].id, version: 2 },
  ])
})

test('an owner cancels an appointment and says why', async ({ page, context, clinic }) => {
  const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  const pet = await clinic.addPet(owner.id, 'Luna')
  await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
  await page.goto(`/${clinic.id}/portal/appointments`)
  await page.getByRole('button', { name: 'Cancelar Consulta general de Luna' }).click()
  const dialog = page.getByRole('dialog', { name: '¿Cancelar esta cita?' })
  await dialog.getByLabel('Motivo (opcional)').fill('Ya está mejor')
  await dialog.getByRole('button', { name: 'Sí, cancelar la cita' }).click()

  await expect(page.getByRole('status').filter({ hasText: 'Cancelaste la cita' })).toBeVisible()
  const past = page.getByRole('region', { name: 'Anteriores' })
  await expect(past.getByRole('article').filter({ hasText: 'Cancelada' })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { status: 'cancelled', cancellation_reason: 'Ya está mejor' },
  ])
})
