import type { Page, Request } from '@playwright/test'
import type { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { call, newEmail, password, signUpAt } from '../src/person.ts'

const done = { name: '¡Listo! Te esperamos' }
const bookings = /\/trpc\/appointments\.book/

/** Chooses a service, "any vet" and the first free time, which leads to the last step of a booking. */
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

const confirm = (page: Page) => page.getByRole('button', { name: 'Confirmar reserva' })

test('a visitor books and signs up at the last step; a reload and the back button lose nothing @phone', async ({
  page,
  clinic,
}) => {
  await page.goto(`/${clinic.id}`)
  await page.getByRole('link', { name: 'Reservar una cita' }).click()
  const name = page.getByLabel('Nombre de la mascota')
  await name.fill('Ñandú')
  await page.getByRole('radiogroup', { name: 'Especie' }).getByText('Ave').click()
  await expect(page).toHaveURL(/petSpecies=bird/)
  await page.reload()
  await expect(name).toHaveValue('Ñandú')
  await expect(page.getByRole('radio', { name: 'Ave' })).toBeChecked()
  await page.getByRole('button', { name: 'Continuar' }).click()
  await chooseUntilConfirm(page, clinic)
  // "any" has become a particular vet
  const chosen = new URL(page.url()).searchParams
  expect(chosen.get('vet')).toBe('any')
  expect(clinic.vets.map(({ id }) => id)).toContain(chosen.get('with'))
  await page.goBack()
  await expect(page.getByRole('heading', { name: '¿Cuándo te queda bien?' })).toBeVisible()
  await expect(page.getByText(/^Los horarios son de la clínica: .*Paraguay/)).toBeVisible()
  await page.goForward()
  await page.reload()
  expect(new URL(page.url()).searchParams.get('time')).toBe(chosen.get('time'))

  const form = page.getByRole('form', { name: 'Crear cuenta' })
  await form.getByLabel('Nombre y apellido').fill('Rosa Ayala')
  await form.getByLabel('Correo electrónico').fill(newEmail())
  await form.getByLabel('Contraseña', { exact: true }).fill(password)
  await form.getByRole('button', { name: 'Crear cuenta' }).click()
  await page.getByLabel('¿Algo que debamos saber? (opcional)').fill('Estornuda')
  await confirm(page).dblclick()

  await expect(page.getByRole('heading', done)).toBeVisible()
  await expect(page.getByRole('definition').filter({ hasText: 'Ñandú' })).toBeVisible()
  const [booked, ...others] = await clinic.appointments()
  expect(others).toEqual([])
  expect(booked).toMatchObject({ pet: 'Ñandú', status: 'scheduled', vet_id: chosen.get('with') })

  const file = await page.getByRole('link', { name: 'Agregar al calendario' }).getAttribute('href')
  const calendar = await page.request.get(file ?? '')
  expect(await calendar.text()).toContain(`UID:${booked?.id}@vetcita`)
  await page.getByRole('link', { name: 'Ver la cita' }).click()
  await expect(page.getByRole('heading', { name: 'Consulta general · Ñandú' })).toBeVisible()
  await expect(page.getByText('Estornuda')).toBeVisible()
})

test('a slot that another caller took is explained, and a suggested one is booked @phone', async ({
  page,
  clinic,
  owner,
  elsewhere,
}) => {
  await clinic.addPet(owner.id, 'Luna')
  const rival = await signUpAt(clinic, elsewhere, 'Raúl Rival', 'owner')
  const rivalsPet = await clinic.addPet(rival.id, 'Max')
  await chooseAsOwner(page, clinic, 'Luna')

  const chosen = new URL(page.url()).searchParams
  await call(rival, clinic, 'appointments.book', {
    petId: rivalsPet.id,
    serviceId: clinic.service.id,
    vetId: chosen.get('with'),
    startTime: chosen.get('time'),
    idempotencyKey: 'the-rival-was-faster',
  })
  await confirm(page).click()
  const alert = page.getByRole('alert').filter({ hasText: 'Justo se ocupó ese horario' })
  const suggested = alert.getByRole('button', { name: /\d\d:\d\d/ })
  await expect(suggested).toHaveCount(3)
  await suggested.first().click()
  await expect(confirm(page)).toBeFocused()
  await confirm(page).press('Enter')

  await expect(page.getByRole('heading', done)).toBeVisible()
  const rows = await clinic.appointments()
  expect(rows.map(({ pet }) => pet)).toEqual(['Max', 'Luna'])
  expect(new Set(rows.map((row) => `${row.vet_id} ${row.start_time.toISOString()}`)).size).toBe(2)
})

test('a booking works by keyboard: each step takes the focus, and Tab and Enter answer it', async ({
  page,
  clinic,
  owner,
}) => {
  await clinic.addPet(owner.id, 'Luna')
  const answer = async (name: string | RegExp) => {
    const button = page.getByRole('button', { name }).first()
    await button.waitFor()
    for (let presses = 0; presses < 30; presses += 1) {
      if (await button.evaluate((node) => node === document.activeElement)) break
      await page.keyboard.press('Tab')
    }
    await page.keyboard.press('Enter')
  }
  const asked = (name: string) => expect(page.getByRole('heading', { level: 1, name })).toBeFocused()
  await page.goto(`/${clinic.id}/book`)
  await answer('Luna')
  await asked('¿Qué necesita Luna?')
  await answer(clinic.service.name)
  await asked('¿Con quién preferís?')
  await answer(clinic.vets[1].name)
  await asked('¿Cuándo te queda bien?')
  await answer(/^\d\d:\d\d$/)
  await asked('Revisá y confirmá')
  await answer('Confirmar reserva')
  await asked(done.name)
  expect(await clinic.appointments()).toMatchObject([{ pet: 'Luna', vet_id: clinic.vets[1].id }])
})

test.describe('the network is cut between the request for a booking and its answer', () => {
  test.beforeEach(async ({ page, clinic, owner }) => {
    await clinic.addPet(owner.id, 'Luna')
    await chooseAsOwner(page, clinic, 'Luna')
  })

  test('once: the app retries with the same vet and key, and shows one booking @phone', async ({
    page,
    clinic,
  }) => {
    const asked: (string | null)[] = []
    const retrying = page.getByRole('status').filter({ hasText: 'Intento 2 de 3' })
    await page.route(bookings, async (route) => {
      asked.push(route.request().postData())
      if (asked.length === 1) {
        await route.fetch()
        await route.abort('connectionreset')
      } else {
        await expect(retrying).toBeVisible()
        await route.continue()
      }
    })
    await confirm(page).click()

    await expect(page.getByRole('heading', done)).toBeVisible()
    expect(asked).toHaveLength(2)
    expect(asked[1]).toBe(asked[0])
    expect(await clinic.appointments()).toHaveLength(1)
  })

  test('for longer: the app finds out whether it booked as soon as the network is back @phone', async ({
    page,
    clinic,
  }) => {
    const lost = page.getByRole('alert').filter({ hasText: 'No sabemos si la reserva llegó' })
    await page.route(/\/trpc\//, (route) => route.abort('connectionreset'))
    await confirm(page).click()
    await expect(lost).toBeVisible()
    await page.unroute(/\/trpc\//)
    await expect(page.getByRole('alert').filter({ hasText: 'La reserva no llegó' })).toBeVisible()
    expect(await clinic.appointments()).toEqual([])

    const asked: Request[] = []
    await page.route(/\/trpc\//, async (route) => {
      if (bookings.test(route.request().url())) {
        asked.push(route.request())
        await route.fetch()
      }
      await route.abort('connectionreset')
    })
    await confirm(page).click()
    await expect(lost).toBeVisible()
    expect(asked).toHaveLength(3)
    await page.unroute(/\/trpc\//)
    await expect(page.getByRole('heading', done)).toBeVisible()
    expect(await clinic.appointments()).toMatchObject([{ pet: 'Luna', version: 1 }])
  })
})

test('any date can be chosen, and after an empty week one press leads to the first free day @phone', async ({
  page,
  clinic,
}) => {
  const [vet, otherVet] = clinic.vets
  const farAway = `${new Date().getUTCFullYear() + 1}-11-25`
  await page.goto(
    `/${clinic.id}/book?petName=Luna&petSpecies=cat&service=${clinic.service.id}&vet=${otherVet.id}`,
  )
  await page.getByLabel('Ir a una fecha').fill(farAway)
  await expect(page.getByRole('button', { name: /25 de noviembre, 3\d horarios libres$/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  )

  await clinic.takeTimeOff(vet, 16)
  await page.goto(`/${clinic.id}/book?petName=Luna&petSpecies=cat&service=${clinic.service.id}&vet=${vet.id}`)
  await page.getByRole('button', { name: /^Primer horario libre: / }).click()
  await page
    .getByRole('button', { name: /^\d\d:\d\d$/ })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Revisá y confirmá' })).toBeVisible()
})

test('times that load slowly do not shift the page, and quick ones show no loading state @phone', async ({
  page,
  clinic,
}) => {
  await page.addInitScript(() => {
    const shifts: number[] = []
    Object.assign(globalThis, { shifts })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if ('value' in entry && typeof entry.value === 'number') shifts.push(entry.value)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(/\/trpc\/.*slots\.available/, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`/${clinic.id}/book?petName=Luna&petSpecies=cat&service=${clinic.service.id}&vet=any`)
  const waiting = page.getByRole('status', { name: 'Buscando horarios libres…' })
  await expect(waiting).toBeAttached()
  expect(await waiting.evaluate((node) => getComputedStyle(node).animationDelay)).toBe('0.15s')
  await expect(page.getByRole('group', { name: 'Días de la semana' }).getByRole('button')).toHaveCount(7)
  const before = await page.getByRole('group', { name: 'Días de la semana' }).boundingBox()
  answer()
  await expect(page.getByRole('button', { name: /^\d\d:\d\d$/ }).first()).toBeVisible()
  expect(await page.getByRole('group', { name: 'Días de la semana' }).boundingBox()).toEqual(before)
  // the day after tomorrow has free times, and shows it before it is opened
  await expect(page.getByRole('button', { name: /, \d+ horarios libres$/ }).nth(2)).toBeVisible()
  const shifts = await page.evaluate(() => Reflect.get(globalThis, 'shifts'))
  expect(shifts.reduce((sum: number, one: number) => sum + one, 0)).toBeLessThan(0.01)
})
