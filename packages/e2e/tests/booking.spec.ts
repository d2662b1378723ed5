import type { Page } from '@playwright/test'
import type { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { call, newEmail, password, signUpAt } from '../src/person.ts'

const done = { name: '¡Listo! Te esperamos' }

/** Service, "any vet" and the first free time: to the last step of a booking. */
async function chooseUntilConfirm(page: Page, clinic: Clinic): Promise<void> {
  await page.getByRole('button', { name: clinic.service.name }).click()
  await page.getByRole('button', { name: /^Cualquiera/ }).click()
  await page
    .getByRole('button', { name: /^\d\d:\d\d$/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Revisá y confirmá' })).toBeVisible()
}

async function chooseAsOwner(page: Page, clinic: Clinic, pet: string): Promise<void> {
  await page.goto(`/${clinic.id}/book`)
  await page.getByRole('button', { name: pet }).click()
  await chooseUntilConfirm(page, clinic)
}

test('a visitor books and signs up at the last step @phone', async ({ page, clinic }) => {
  await page.goto(`/${clinic.id}`)
  await page.getByRole('link', { name: 'Reservar una cita' }).click()
  await page.getByLabel('Nombre de la mascota').fill('Ñandú')
  await page.getByRole('radiogroup', { name: 'Especie' }).getByText('Ave').click()
  await page.getByRole('button', { name: 'Continuar' }).click()
  await chooseUntilConfirm(page, clinic)

  const form = page.getByRole('form', { name: 'Crear cuenta' })
  await form.getByLabel('Nombre y apellido').fill('Rosa Ayala')
  await form.getByLabel('Correo electrónico').fill(newEmail())
  await form.getByLabel('Contraseña', { exact: true }).fill(password)
  await form.getByRole('button', { name: 'Crear cuenta' }).click()
  await page.getByRole('button', { name: 'Confirmar reserva' }).click()

  await expect(page.getByRole('heading', done)).toBeVisible()
  await expect(page.getByRole('definition').filter({ hasText: 'Ñandú' })).toBeVisible()
  const [booked, ...others] = await clinic.appointments()
  expect(others).toEqual([])
  expect(booked).toMatchObject({ pet: 'Ñandú', status: 'scheduled' })

  await page.getByRole('link', { name: 'Ver mis citas' }).click()
  await expect(page.getByRole('heading', { name: 'Consulta general · Ñandú' })).toBeVisible()
})

test('an owner who is signed in books for their own pet', async ({ page, context, clinic }) => {
  const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  await clinic.addPet(owner.id, 'Luna')
  await chooseAsOwner(page, clinic, 'Luna')
  await page.getByLabel('¿Algo que debamos saber? (opcional)').fill('Estornuda')
  await page.getByRole('button', { name: 'Confirmar reserva' }).click()

  await expect(page.getByRole('heading', done)).toBeVisible()
  expect(await clinic.appointments()).toMatchObject([{ pet: 'Luna', status: 'scheduled' }])
})

test('a slot lost to a rival is explained, and a suggested one is taken @phone', async ({
  page,
  context,
  clinic,
  elsewhere,
}) => {
  const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  await clinic.addPet(owner.id, 'Luna')
  const rival = await signUpAt(clinic, elsewhere, 'Raúl Rival', 'owner')
  const rivalsPet = await clinic.addPet(rival.id, 'Max')
  await chooseAsOwner(page, clinic, 'Luna')

  const chosen = new URL(page.url()).searchParams
  const startTime = chosen.get('time')
  const vetId = chosen.get('with')
  await call(rival, clinic, 'appointments.book', {
    petId: rivalsPet.id,
    serviceId: clinic.service.id,
    vetId,
    startTime,
    idempotencyKey: 'the-rival-was-faster',
  })
  await page.getByRole('button', { name: 'Confirmar reserva' }).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Justo se ocupó ese horario' })
  await alert
    .getByRole('button', { name: /\d\d:\d\d/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Confirmar reserva' }).click()

  await expect(page.getByRole('heading', done)).toBeVisible()
  const rows = await clinic.appointments()
  expect(rows.map(({ pet }) => pet)).toEqual(['Max', 'Luna'])
  expect(new Set(rows.map((row) => `${row.vet_id} ${row.start_time.toISOString()}`)).size).toBe(2)
})

test.describe('the answer to a booking is lost on the way', () => {
  test('once: it is asked for again, and the owner sees one booking', async ({ page, context, clinic }) => {
    const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
    await clinic.addPet(owner.id, 'Luna')
    await chooseAsOwner(page, clinic, 'Luna')
    let lost = 0
    await page.route(/\/trpc\/appointments\.book/, async (route) => {
      if (lost > 0) return route.continue()
      lost += 1
      await route.fetch()
      await route.abort('connectionreset')
    })
    await page.getByRole('button', { name: 'Confirmar reserva' }).click()

    await expect(page.getByRole('heading', done)).toBeVisible()
    expect(lost).toBe(1)
    expect(await clinic.appointments()).toHaveLength(1)
  })

  test('every time: the owner is told so, and confirming again books nothing twice', async ({
    page,
    context,
    clinic,
  }) => {
    const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
    await clinic.addPet(owner.id, 'Luna')
    await chooseAsOwner(page, clinic, 'Luna')
    await page.route(/\/trpc\/appointments\.book/, async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    await page.getByRole('button', { name: 'Confirmar reserva' }).click()
    const alert = page.getByRole('alert').filter({ hasText: 'No sabemos si la reserva llegó' })
    await expect(alert).toBeVisible()
    await page.unroute(/\/trpc\/appointments\.book/)
    await page.getByRole('button', { name: 'Confirmar reserva' }).click()

    await expect(page.getByRole('heading', done)).toBeVisible()
    expect(await clinic.appointments()).toMatchObject([{ pet: 'Luna', version: 1 }])
  })
})
