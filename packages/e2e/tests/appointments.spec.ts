import { expect, test } from '../src/fixtures.ts'

const service = 'Consulta general'

test('a pet owner moves an appointment, and its page shows the history @phone', async ({
  page,
  clinic,
  owner,
}) => {
  const pet = await clinic.addPet(owner.id, 'Luna')
  const before = await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:05' })
  await page.goto(`/${clinic.id}/portal/appointments`)
  const move = page.getByRole('button', { name: `Reprogramar ${service} de Luna` })
  await move.click()
  const dialog = page.getByRole('dialog', { name: 'Reprogramar la cita' })
  await expect(dialog.getByText('Podés moverla o cancelarla hasta que empiece.')).toBeVisible()
  await expect(dialog.getByRole('button', { name: '09:05 Horario actual' })).toBeDisabled()
  await page.keyboard.press('Escape')
  await expect(move).toBeFocused()
  await page.keyboard.press('Enter')
  await dialog.getByRole('button', { name: '10:30', exact: true }).click()
  await dialog.getByRole('button', { name: 'Mover la cita' }).click()

  const outcome = page.getByRole('status').filter({ hasText: 'a las 10:30' })
  await expect(outcome.getByRole('link', { name: 'Actualizar en el calendario' })).toBeVisible()
  await expect(page.getByRole('article').filter({ hasText: '10:30 a 11:00' })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([
    { id: before.id, time: '10:30', vet_id: clinic.vets[0].id, version: 2 },
  ])

  await page.getByRole('link', { name: `${service} · Luna` }).click()
  const history = page.getByRole('region', { name: 'Historia de la cita' }).getByRole('listitem')
  await expect(history).toHaveCount(2)
  await expect(history.first()).toContainText(/Pasó del .*, 09:05 al .*, 10:30Vos · /)
  await expect(history.last()).toContainText(/Reservada para el .*, 09:05 con Dra\. Inés Paredes/)
})

test('a pet owner cancels an appointment on its page with a reason @phone', async ({
  page,
  clinic,
  owner,
}) => {
  await clinic.demandNotice(120)
  const pet = await clinic.addPet(owner.id, 'Luna')
  const { id } = await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
  await page.goto(`/${clinic.id}/portal/appointments/${id}`)
  await page.getByRole('button', { name: `Cancelar ${service} de Luna` }).click()
  const dialog = page.getByRole('dialog', { name: '¿Cancelar esta cita?' })
  await expect(dialog.getByText('Podés moverla o cancelarla hasta 2 h antes.')).toBeVisible()
  await dialog.getByLabel('Motivo (opcional)').fill('Ya está mejor')
  await dialog.getByRole('button', { name: 'Sí, cancelar la cita' }).click()

  const outcome = page.getByRole('status').filter({ hasText: 'Cancelaste la cita' })
  await expect(outcome.getByRole('link', { name: 'Quitar del calendario' })).toBeVisible()
  await expect(page.getByText('Motivo: Ya está mejor')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Reprogramar/ })).toHaveCount(0)
  expect(await clinic.appointments()).toMatchObject([
    { status: 'cancelled', cancellation_reason: 'Ya está mejor' },
  ])
})

test('a change by the clinic in the meantime is shown, and must be confirmed again @phone', async ({
  page,
  clinic,
  owner,
}) => {
  const pet = await clinic.addPet(owner.id, 'Luna')
  const { id } = await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 2, time: '09:00' })
  await page.goto(`/${clinic.id}/portal/appointments/${id}`)
  await page.getByRole('button', { name: `Reprogramar ${service} de Luna` }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: '10:30', exact: true }).click()
  await clinic.moveBy(id, '2 hours')
  const submit = dialog.getByRole('button', { name: 'Mover la cita' })
  await submit.click()
  await expect(dialog.getByRole('alert')).toContainText(/Ahora es el .* a las 11:00/)
  await expect(dialog.getByText(/^Ahora: .*, 11:00/)).toBeVisible()
  await submit.click()
  await expect(page.getByRole('status').filter({ hasText: 'a las 10:30' })).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ time: '10:30', version: 3 }])

  await clinic.cancel(id, 'La doctora se enfermó')
  await page.getByRole('button', { name: `Cancelar ${service} de Luna` }).click()
  await expect(dialog.getByRole('alert')).toContainText('La cita ya no se puede cancelar')
  await expect(dialog.getByRole('alert')).toContainText('La doctora se enfermó')
})

test('past appointments are paged, and an unknown appointment links back to the list @phone', async ({
  page,
  clinic,
  owner,
}) => {
  const pet = await clinic.addPet(owner.id, 'Luna')
  for (let days = -12; days < 0; days += 1) {
    await clinic.addAppointment({ pet, vet: clinic.vets[0], days, time: '09:00', status: 'completed' })
  }
  await page.goto(`/${clinic.id}/portal/appointments/00000000-0000-4000-8000-00000000000f`)
  await expect(page.getByRole('heading', { name: 'No encontramos esa cita' })).toBeVisible()
  await page.getByRole('main').getByRole('link', { name: 'Todas mis citas' }).last().click()
  const past = page.getByRole('region', { name: 'Anteriores' }).getByRole('article')
  await expect(past).toHaveCount(10)
  await page.getByRole('button', { name: 'Ver más' }).click()
  await expect(past).toHaveCount(12)
})
