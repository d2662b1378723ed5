import type { Page } from '@playwright/test'
import type { Clinic, Named } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { type Person, password, signUpAt } from '../src/person.ts'

async function putInCart(page: Page, product: Named, quantity: number): Promise<void> {
  await page.getByRole('button', { name: `Agregar ${product.name} al carrito` }).click()
  const more = page.getByRole('main').getByRole('button', { name: `Uno más de ${product.name}` })
  for (let pieces = 1; pieces < quantity; pieces += 1) await more.first().click()
}

async function signInAtStore(page: Page, clinic: Clinic, person: Person): Promise<void> {
  await page.goto(`/${clinic.id}/login?back=/${clinic.id}/store`)
  const form = page.getByRole('form', { name: 'Iniciar sesión' })
  await form.getByLabel('Correo electrónico').fill(person.email)
  await form.getByLabel('Contraseña', { exact: true }).fill(password)
  await form.getByRole('button', { name: 'Iniciar sesión' }).click()
}

const savedCart = (page: Page, clinic: Clinic) =>
  page.evaluate((key) => localStorage.getItem(key), `vetcita.cart.${clinic.id}`)

test('carts filled on two devices become one, with no line lost @phone', async ({
  page,
  otherDevice,
  clinic,
  elsewhere,
}) => {
  const owner = await signUpAt(clinic, elsewhere, 'Ana Vera', 'owner')
  const [food, ball, leash] = clinic.products
  const tablet = await otherDevice()
  await page.goto(`/${clinic.id}/store`)
  await putInCart(page, food, 2)
  await putInCart(page, ball, 1)
  await tablet.goto(`/${clinic.id}/store`)
  await putInCart(tablet, ball, 3)
  await putInCart(tablet, leash, 1)

  await Promise.all([signInAtStore(page, clinic, owner), signInAtStore(tablet, clinic, owner)])
  await expect(tablet.getByRole('status').filter({ hasText: 'Juntamos tu carrito' })).toBeVisible()
  await expect(page.getByRole('status').filter({ hasText: 'Juntamos tu carrito' })).toBeVisible()

  const all = { [food.name]: 2, [ball.name]: 3, [leash.name]: 1 }
  expect(await clinic.cart(owner.id)).toEqual(all)
  for (const device of [page, tablet]) {
    expect(await savedCart(device, clinic)).toBeNull()
    await device.reload()
    for (const [name, quantity] of Object.entries(all)) {
      const shown = device.getByRole('main').getByLabel(`Cantidad de ${name}: ${quantity}`)
      await expect(shown.first()).toBeVisible()
    }
  }
})

for (const moment of ['before the server hears of it', 'after the server has done it'] as const) {
  test(`a page killed while it merges the cart, ${moment}, merges it again`, async ({
    page,
    context,
    clinic,
    elsewhere,
  }) => {
    const owner = await signUpAt(clinic, elsewhere, 'Ana Vera', 'owner')
    const [food, ball] = clinic.products
    await page.goto(`/${clinic.id}/store`)
    await putInCart(page, food, 2)
    await putInCart(page, ball, 1)
    const killed = page.waitForEvent('close', { timeout: 60_000 })
    await page.route(/\/trpc\/.*store\.mergeCart/, async (route) => {
      if (moment === 'after the server has done it') await route.fetch()
      await page.close()
    })
    await signInAtStore(page, clinic, owner)
    await killed

    const again = await context.newPage()
    await again.goto(`/${clinic.id}/store`)
    await expect.poll(() => savedCart(again, clinic)).toBeNull()
    expect(await clinic.cart(owner.id)).toEqual({ [food.name]: 2, [ball.name]: 1 })
    const shown = again.getByRole('main').getByLabel(`Cantidad de ${food.name}: 2`)
    await expect(shown.first()).toBeVisible()
  })
}
