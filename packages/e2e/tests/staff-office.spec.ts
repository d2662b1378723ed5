import type { Page } from '@playwright/test'
import { check } from '../src/axe.ts'
import { expect, test } from '../src/fixtures.ts'
import { newEmail, password, signUp, signUpAt } from '../src/person.ts'
import { typeTime } from '../src/time-field.ts'

const linkIn = (page: Page) => page.getByRole('dialog').getByLabel('Enlace').inputValue()

test('a colleague is invited, accepts, and loses their rights while their page is open', async ({
  page,
  context,
  clinic,
  otherDevice,
}) => {
  await signUpAt(clinic, context.request, 'Alma Admin', 'admin')
  await page.goto(`/staff/${clinic.id}/settings/staff`)
  await page.getByRole('button', { name: 'Invitar a alguien' }).click()
  await page.getByLabel('¿Para quién es? (opcional)').fill('Nora')
  await page.getByRole('button', { name: 'Crear enlace' }).click()
  await expect(page.getByRole('dialog').getByLabel('Enlace')).toBeVisible()
  const link = await linkIn(page)
  await page.getByRole('button', { name: 'Listo' }).click()
  await expect(page.getByRole('list', { name: 'Invitaciones sin usar' })).toContainText('Nora')

  const desk = await otherDevice()
  await signUp(desk.context().request, 'Nora Nueva')
  await desk.goto(link)
  await expect(desk.getByText(`${clinic.name} te invita a su equipo. Tu rol: Recepción.`)).toBeVisible()
  await check(desk, 'an invitation')
  await desk.getByRole('button', { name: 'Aceptar la invitación' }).click()
  await expect(desk).toHaveURL(new RegExp(`/staff/${clinic.id}/day`))

  // her role changes while her page is open, and is then removed; she does nothing
  const staff = page.getByRole('table', { name: 'Equipo' })
  await page.reload()
  const change = staff.getByRole('button', { name: 'Cambiar rol: Nora Nueva' })
  await change.click()
  await page.getByRole('radio', { name: 'Administración' }).check()
  await page.getByRole('button', { name: 'Guardar' }).click()
  await desk.getByRole('link', { name: 'Configuración' }).click()
  await desk.getByRole('link', { name: 'Servicios' }).click()
  await expect(desk.getByRole('table', { name: 'Servicios' })).toBeVisible()
  await change.click()
  await page.getByRole('radio', { name: 'Sin rol: deja el equipo' }).check()
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(change).toBeHidden()
  await expect(desk.getByRole('form', { name: 'Iniciar sesión' })).toBeVisible()
})

test('a change of hours changes the owners’ slots; time off lists the appointments inside it', async ({
  page,
  context,
  clinic,
  otherDevice,
}) => {
  const admin = await signUpAt(clinic, context.request, 'Alma Admin', 'admin')
  const [vet] = clinic.vets
  await page.goto(`/staff/${clinic.id}/settings/hours`)
  await page.getByLabel('Horario de').selectOption({ label: vet.name })
  const monday = page.getByRole('region', { name: 'lunes' })
  await typeTime(monday.getByLabel('lunes, tramo 1: desde'), '09:00')
  await typeTime(monday.getByLabel('lunes, tramo 1: hasta'), '10:00')
  await monday.getByRole('button', { name: 'Agregar tramo: lunes' }).click()
  await typeTime(monday.getByLabel('lunes, tramo 2: desde'), '09:30')
  await expect(monday.getByText('Dos tramos se superponen.')).toBeVisible()
  await typeTime(monday.getByLabel('lunes, tramo 2: desde'), '15:00')
  await typeTime(monday.getByLabel('lunes, tramo 2: hasta'), '16:00')
  await monday.getByRole('button', { name: 'Copiar a todos los días hábiles: lunes' }).click()
  await page.getByRole('link', { name: 'Reglas' }).click()
  await page
    .getByRole('dialog', { name: '¿Salir sin guardar?' })
    .getByRole('button', { name: 'Seguir editando' })
    .click()
  await page.getByRole('button', { name: 'Guardar la semana' }).click()
  await expect(page.getByText('Guardado.')).toBeVisible()

  const phone = await otherDevice()
  await phone.goto(`/${clinic.id}/book?petName=Luna&petSpecies=cat&step=pet`)
  await phone.getByRole('button', { name: 'Continuar' }).click()
  await phone.getByRole('button', { name: /^Consulta general/ }).click()
  await phone.getByRole('button', { name: new RegExp(vet.name) }).click()
  await phone.getByRole('button', { name: 'Semana siguiente' }).click()
  await phone
    .getByRole('group', { name: 'Días de la semana' })
    .getByRole('button', { name: /lunes/i })
    .click()
  const times = phone.getByRole('button', { name: /^\d\d:\d\d$/ })
  await expect(times.last()).toHaveText('15:30')
  expect((await times.allTextContents()).filter((time) => time > '10:00' && time < '15:00')).toEqual([])

  const pet = await clinic.addPet(admin.id, 'Luna')
  const { date } = await clinic.addAppointment({ pet, vet, days: 3, time: '09:00' })
  await page.getByRole('link', { name: 'Ausencias' }).click()
  await page.getByRole('button', { name: 'Nueva ausencia' }).click()
  await page.getByLabel('Quién').selectOption({ label: vet.name })
  await page.getByLabel('Desde el').fill(date)
  await page.getByLabel('Hasta el (inclusive)').fill(date)
  await page.getByRole('button', { name: 'Cargar ausencia' }).click()
  const card = page.getByRole('region', { name: vet.name })
  await expect(card.getByText('Hay 1 cita para mover en ese tiempo.')).toBeVisible()
  await card.getByRole('button', { name: /^Ver y mover: Luna/ }).click()
  await page
    .getByRole('dialog', { name: 'Cita de Luna' })
    .getByRole('button', { name: /^Mover/ })
    .click()
  const move = page.getByRole('dialog', { name: 'Mover la cita de Luna' })
  await move.getByLabel('Con quién').selectOption({ label: clinic.vets[1].name })
  await move.getByRole('button', { name: '09:45', exact: true }).click()
  await move.getByRole('button', { name: /^Mover a .*09:45$/ }).click()
  await expect(card.getByText('Sin citas en ese tiempo.')).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ time: '09:45', vet_id: clinic.vets[1].id }])
})

test('owners see the products and services that the office edits', async ({
  page,
  context,
  clinic,
  otherDevice,
}) => {
  await signUpAt(clinic, context.request, 'Alma Admin', 'admin')
  const [food, ball] = clinic.products
  await page.goto(`/staff/${clinic.id}/products`)
  await page.getByRole('button', { name: 'Nuevo producto' }).click()
  await page.getByLabel('Nombre', { exact: true }).fill('Rascador')
  await page.getByLabel('Precio (PYG)').fill('90000')
  await page.getByLabel('Existencias').fill('3')
  await page.getByRole('button', { name: 'Guardar' }).click()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await row('Rascador').getByRole('button', { name: 'Una unidad más de Rascador' }).click()
  await expect(row('Rascador')).toContainText('4')
  // a colleague adds 7 to the stock, which the switch in an outdated list does not overwrite
  await clinic.changeProduct(ball, { stock: 57 })
  await row(ball.name).getByRole('switch').press('Space')
  await expect(row(ball.name)).toContainText('57')
  // the switch keeps the focus, and `n` still opens a new product
  await page.keyboard.press('n')
  await expect(page.getByRole('dialog', { name: 'Nuevo producto' })).toBeVisible()
  await page.keyboard.press('Escape')

  await page.goto(`/staff/${clinic.id}/settings/services`)
  await page.getByRole('button', { name: `Editar ${clinic.service.name}` }).click()
  await page.getByLabel('Duración (minutos)').fill('45')
  await page.getByLabel('Pausa después (minutos)').fill('15')
  await page.getByLabel('Precio (PYG)').fill('150000')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(row(clinic.service.name)).toContainText('45 min')
  await page.getByRole('link', { name: 'Reglas' }).click()
  await page.getByLabel(/^Con cuánta anticipación/).fill('120')
  await page.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByText('Guardado.')).toBeVisible()

  const phone = await otherDevice()
  await phone.goto(`/${clinic.id}/store`)
  await expect(phone.getByText('Rascador')).toBeVisible()
  await expect(phone.getByText(food.name)).toBeVisible()
  await expect(phone.getByText(ball.name)).toBeHidden()
  await phone.goto(`/${clinic.id}`)
  await expect(phone.getByText('45 min')).toBeVisible()
})

test('a walk-in client is made, found while typing, and claims their record by a link', async ({
  page,
  context,
  clinic,
  otherDevice,
}) => {
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.goto(`/staff/${clinic.id}/clients`)
  await page.getByRole('button', { name: 'Nuevo cliente' }).click()
  await page.getByRole('dialog').getByLabel('Nombre y apellido').fill('Íñigo Núñez')
  await page.getByRole('dialog').getByLabel('Teléfono').fill('0981 222 333')
  await page.getByRole('dialog').getByLabel('Nombre de la mascota').fill('Toby')
  await page.getByRole('button', { name: 'Crear cliente' }).click()
  await expect(page.getByRole('heading', { name: 'Íñigo Núñez' })).toBeVisible()
  await page.getByRole('link', { name: 'Todos los clientes' }).click()
  await page.getByRole('searchbox').fill('nunez')
  await page.getByRole('link', { name: 'Íñigo Núñez', exact: true }).click()
  await page.getByRole('button', { name: 'Dar acceso' }).click()
  await page.getByRole('button', { name: 'Crear enlace' }).click()
  await expect(page.getByRole('dialog').getByLabel('Enlace')).toBeVisible()
  const link = await linkIn(page)

  const phone = await otherDevice()
  await phone.goto(link)
  await phone.getByLabel('Nombre y apellido').fill('Íñigo')
  await phone.getByLabel('Correo electrónico').fill(newEmail())
  await phone.getByLabel('Contraseña', { exact: true }).fill(password)
  await phone.getByRole('button', { name: 'Crear cuenta' }).click()
  await expect(phone.getByText('Es la ficha de Íñigo Núñez, con estas mascotas:')).toBeVisible()
  await check(phone, 'a record to take over')
  await phone.getByRole('button', { name: 'Sí, soy yo' }).click()
  await expect(phone.getByText('Listo: la ficha es tuya')).toBeVisible()
  await check(phone, 'a record taken over')
  await phone.goto(`/${clinic.id}/portal/pets`)
  await expect(phone.getByText('Toby').first()).toBeVisible()
  // under the name that the clinic knows, by which it finds them
  await page.goto(`/staff/${clinic.id}/clients?q=nunez`)
  await expect(page.getByRole('row').filter({ hasText: 'Íñigo Núñez' })).toContainText('Con cuenta')
})
