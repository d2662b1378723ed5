import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

test('a pet owner adds, edits and retires a pet, is warned of its appointments, and restores it @phone', async ({
  page,
  clinic,
  context,
}) => {
  const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  await page.goto(`/${clinic.id}/portal/pets`)
  await page.getByRole('button', { name: 'Agregar una mascota' }).click()
  const form = page.getByRole('form', { name: 'Mascota nueva' })
  await form.getByRole('button', { name: 'Agregar' }).click()
  await expect(form.getByText('Escribí el nombre de tu mascota.')).toBeVisible()
  await form.getByLabel('Nombre de la mascota').fill('Ñandú')
  await form.getByText('Ave').click()
  await form.getByRole('button', { name: 'Agregar' }).click()
  await expect(page.getByText('Agregamos a Ñandú.')).toBeVisible()

  const luna = await clinic.addPet(owner.id, 'Luna')
  await clinic.addAppointment({ pet: luna, vet: clinic.vets[0], days: 3, time: '10:00' })
  await page.reload()
  const pets = page.getByRole('list', { name: 'Tus mascotas' })
  await expect(pets.getByRole('listitem')).toHaveText([/^Luna/, /^ÑandúAve/])
  await pets.getByRole('button', { name: 'Editar a Ñandú' }).click()
  const edit = page.getByRole('form', { name: 'Editar a Ñandú' })
  await expect(edit.getByRole('radio', { name: 'Ave' })).toBeChecked()
  await edit.getByLabel('Nombre de la mascota').fill('Ñandú II')
  await edit.getByText('Otra').click()
  await edit.getByRole('button', { name: 'Guardar' }).click()
  await expect(pets.getByRole('listitem')).toHaveText([/^Luna/, /^Ñandú IIOtra/])

  await pets.getByRole('button', { name: 'Retirar a Luna' }).click()
  const dialog = page.getByRole('dialog', { name: '¿Retirar a Luna?' })
  await expect(dialog.getByText('Todavía tiene 1 cita, que sigue en pie:')).toBeVisible()
  await expect(dialog.getByRole('listitem')).toHaveText(/10:00: Consulta general$/)
  await dialog.getByRole('button', { name: 'Sí, retirar' }).click()
  await expect(page.getByText('Luna ya no está en tu lista.')).toBeVisible()
  await expect(pets.getByRole('listitem')).toHaveCount(1)
  // the warning about the appointment is true
  expect((await clinic.appointments()).map(({ status }) => status)).toEqual(['scheduled'])
  await page.getByRole('button', { name: 'Deshacer' }).click()
  await expect(page.getByText('Luna volvió a tu lista.')).toBeVisible()
  await expect(pets.getByRole('listitem')).toHaveCount(2)
})
