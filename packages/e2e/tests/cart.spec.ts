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

test('carts filled on two devices are merged without losing a line @phone', async ({
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

for (const moment of ['before the server receives it', 'after the server has done it'] as const) {
  test(`a page closed while it merges the cart, ${moment}, merges it again`, async ({
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

test('the store can be searched and filtered; a signed-out cart is limited to the stock @phone', async ({
  page,
  clinic,
}) => {
  const [food, ball] = clinic.products
  await clinic.changeProduct(food, { category: 'Alimentos', stock: 3 })
  await clinic.changeProduct(ball, { category: 'Juguetes', stock: 0 })
  await page.goto(`/${clinic.id}/store`)
  const products = page.getByRole('list', { name: 'Tienda' }).getByRole('listitem')
  await expect(products).toHaveCount(3)
  await expect(products.filter({ hasText: ball.name })).toContainText('Sin stock')
  await page.getByRole('radiogroup', { name: 'Categorías' }).getByText('Alimentos').click()
  await expect(products).toHaveText([new RegExp(food.name)])
  await page.getByRole('searchbox').fill('pelóta')
  await expect(page.getByText('No encontramos nada así')).toBeVisible()
  await page.reload()
  await page.getByRole('button', { name: 'Ver todos los productos' }).click()
  await page.getByRole('searchbox').fill('ALIMENTO gatos')
  await expect(products).toHaveCount(1)

  await putInCart(page, food, 3)
  await expect(page.getByText('No hay más').first()).toBeVisible()
  await page.getByRole('button', { name: `Uno más de ${food.name}` }).press('Enter')
  await page.reload()
  await expect(page.getByLabel(`Cantidad de ${food.name}: 3`)).toBeVisible()
  await clinic.changeProduct(food, { stock: 2 })
  await page.getByRole('button', { name: /^Ver carrito/ }).click()
  await page.getByRole('link', { name: 'Ver el carrito en su página' }).click()
  await page.reload()
  await page.getByRole('button', { name: `Dejar 2 de ${food.name}` }).click()
  await expect(page.getByLabel(`Cantidad de ${food.name}: 2`)).toBeVisible()
  await expect(page.getByText('Solo hay 2.')).toBeHidden()
})

test('the notice about an unconfirmed address moves nothing that can be tapped @phone', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  let answer = () => {}
  const held = new Promise<void>((resolve) => {
    answer = resolve
  })
  await page.route(/\/confirm-notice-/, async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`/${clinic.id}/store`)
  const add = page.getByRole('button', { name: `Agregar ${clinic.products[0].name} al carrito` })
  await expect(add).toBeVisible()
  const before = await add.boundingBox()
  answer()
  await expect(page.getByText('Confirmá tu correo')).toBeVisible()
  expect(await add.boundingBox()).toEqual(before)
})

test('quick clicks end at the right quantity, another tab catches up when it is focused, and rejected lines are reported', async ({
  page,
  context,
  clinic,
}) => {
  const owner = await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  const [food, ball] = clinic.products
  const calls: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('store.setItem')) calls.push(request.url())
  })
  await page.goto(`/${clinic.id}/store`)
  await page.getByRole('button', { name: `Agregar ${food.name} al carrito` }).click()
  const more = page.getByRole('button', { name: `Uno más de ${food.name}` })
  await more.evaluate((button: HTMLElement) => {
    // half of them faster than the page can render, half at the pace of a finger
    for (let clicks = 0; clicks < 10; clicks += 1) button.click()
    for (let clicks = 0; clicks < 10; clicks += 1) setTimeout(() => button.click(), clicks * 15)
  })
  await expect(page.getByLabel(`Cantidad de ${food.name}: 21`)).toBeVisible()
  await expect.poll(() => clinic.cart(owner.id)).toEqual({ [food.name]: 21 })
  // of the clicks during a call, only the last was sent
  expect(calls.length).toBeLessThan(21)

  const tab = await context.newPage()
  await tab.goto(`/${clinic.id}/cart`)
  await tab.getByRole('button', { name: `Uno menos de ${food.name}` }).click()
  await expect.poll(() => clinic.cart(owner.id)).toEqual({ [food.name]: 20 })
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })))
  await expect(page.getByLabel(`Cantidad de ${food.name}: 20`)).toBeVisible()
  await page.reload()
  await expect(page.getByLabel(`Cantidad de ${food.name}: 20`)).toBeVisible()

  // added before signing in, withdrawn since
  await context.clearCookies()
  await page.goto(`/${clinic.id}/store`)
  await putInCart(page, ball, 2)
  await putInCart(page, food, 25)
  await clinic.changeProduct(ball, { isActive: false })
  await signInAtStore(page, clinic, owner)
  const news = page.getByRole('status').filter({ hasText: 'Juntamos tu carrito' })
  await expect(news).toContainText(`Subimos la cantidad: 25 × ${food.name}`)
  await expect(news).toContainText(`No lo guardamos porque ya no se vende: 2 × ${ball.name}`)
  expect(await clinic.cart(owner.id)).toEqual({ [food.name]: 25 })
})
