import { demoPassword } from '@vetcita/db/demo/sign-ins'
import { check, tagOf } from '../src/axe.ts'
import { expect, test } from '../src/fixtures.ts'
import { signIn } from '../src/person.ts'

const looks = [
  { language: 'es', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { language: 'en', colorScheme: 'dark', viewport: { width: 390, height: 844 } },
] as const

for (const { language, colorScheme, viewport } of looks) {
  test.describe(
    `no serious axe violations, in ${language}, ${colorScheme}, ${viewport.width} px`,
    tagOf(language),
    () => {
      test.use({ colorScheme, viewport })
      test.slow()
      test.beforeEach(async ({ page }) => {
        await page.addInitScript((chosen) => localStorage.setItem('vetcita.language', chosen), language)
      })
      const spanish = language === 'es'

      test("the owners' app, signed out", async ({ page }) => {
        await page.goto('/')
        await expect(page.getByRole('link', { name: /Adris/ })).toBeVisible()
        await check(page, 'clinics')
        await page.goto('/adris')
        await expect(page.getByRole('heading', { name: /Adris/ })).toBeVisible()
        await check(page, 'clinic')
        await page.goto('/adris/login')
        await expect(page.getByRole('form')).toBeVisible()
        await check(page, 'login')
        await page.goto('/adris/store')
        await page
          .getByRole('button', { name: spanish ? /^Agregar .* al carrito/ : /^Add .* to the cart/ })
          .first()
          .click()
        await check(page, 'store with a cart')
        await page.getByRole('button', { name: spanish ? /^Ver carrito/ : /^See cart/ }).click()
        await check(page, 'cart in the drawer', '[role=dialog]')
        await page.goto('/adris/cart')
        await expect(page.getByRole('main').getByRole('listitem')).toBeVisible()
        await check(page, 'cart')
        await page.goto('/adris/forgot-password')
        await expect(page.getByRole('form')).toBeVisible()
        await check(page, 'forgotten password')
        await page.goto('/adris/reset-password#token=x')
        await expect(page.getByRole('form')).toBeVisible()
        await check(page, 'new password')
        await page.goto('/adris/confirm-email#token=x')
        await expect(page.getByRole('alert')).toBeVisible()
        await check(page, 'address that was not confirmed')

        await page.goto('/adris/book?petName=Luna&petSpecies=cat&step=pet')
        await expect(
          page
            .getByRole('form')
            .or(page.getByLabel(spanish ? 'Nombre de la mascota' : /name/i))
            .first(),
        ).toBeVisible()
        await check(page, 'booking: pet')
        await page.getByRole('button', { name: spanish ? 'Continuar' : 'Continue' }).click()
        const service = page.getByRole('button', { name: /Consulta general/ })
        await expect(service).toBeVisible()
        await check(page, 'booking: service')
        await service.click()
        const anyVet = page.getByRole('button', { name: spanish ? /^Cualquiera/ : /^Any/ })
        await expect(anyVet).toBeVisible()
        await check(page, 'booking: vet')
        await anyVet.click()
        const time = page.getByRole('button', { name: /^\d\d:\d\d$/ }).first()
        await expect(time).toBeVisible()
        await check(page, 'booking: time')
        await time.click()
        await expect(page.getByRole('form')).toBeVisible()
        await check(page, 'booking: confirm')
        await page.goto('/adris/nowhere')
        await expect(page.getByRole('main').getByRole('link')).toHaveCount(4)
        await check(page, 'no such page')
        await page.goto('/no-clinic')
        await expect(page.getByRole('link', { name: /Adris/ })).toBeVisible()
        await check(page, 'no such clinic')
      })

      test("the owners' app, signed in", async ({ page, context }) => {
        await signIn(context.request, 'ana@demo.vetcita.test', demoPassword)
        await page.goto('/adris/portal/appointments')
        const move = page.getByRole('button', { name: spanish ? /^Reprogramar/ : /^Reschedule/ }).first()
        await expect(move).toBeVisible()
        await check(page, 'appointments')
        await move.click()
        await expect(
          page
            .getByRole('dialog')
            .getByRole('button', { name: /^\d\d:\d\d$/ })
            .first(),
        ).toBeVisible()
        await check(page, 'reschedule', '[role=dialog]')
        await page.keyboard.press('Escape')
        await page
          .getByRole('button', { name: spanish ? /^Cancelar/ : /^Cancel/ })
          .first()
          .click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await check(page, 'cancel', '[role=dialog]')
        await page.keyboard.press('Escape')
        await page.getByRole('article').first().getByRole('link').click()
        await expect(page.getByRole('region', { name: spanish ? /^Historia/ : /^History/ })).toBeVisible()
        await check(page, 'appointment')
        const appointment = new URL(page.url()).pathname.split('/').at(-1)
        await page.goto(`/adris/book?booked=${appointment}`)
        await expect(page.getByRole('link', { name: spanish ? /calendario$/ : /calendar$/ })).toBeVisible()
        await check(page, 'booked')
        await page.goto('/adris/book')
        await page.getByRole('main').getByRole('list').getByRole('button').first().click()
        await page.getByRole('button', { name: /^Consulta general/ }).click()
        await page.getByRole('button', { name: spanish ? /^Cualquiera/ : /^Any/ }).click()
        await page
          .getByRole('button', { name: /^\d\d:\d\d$/ })
          .first()
          .click()
        const confirm = page.getByRole('button', { name: spanish ? /^Confirmar/ : /^Confirm/ })
        await expect(confirm).toBeVisible()
        await page.route(/\/trpc\//, (route) => route.abort())
        await confirm.click()
        await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
        await check(page, 'booking: outcome unknown')
        await page.unroute(/\/trpc\//)
        await page.goto('/adris/account')
        await expect(
          page.getByText(spanish ? 'Este dispositivo' : 'This device', { exact: true }),
        ).toBeVisible()
        await check(page, 'account')
        await page.goto('/adris/portal/pets')
        await page
          .getByRole('button', { name: spanish ? /^Editar a/ : /^Edit / })
          .first()
          .click()
        await expect(page.getByRole('form')).toBeVisible()
        await check(page, 'pets, one being edited')
        await page
          .getByRole('button', { name: spanish ? /^Retirar a/ : /^Retire / })
          .first()
          .click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await check(page, 'retire a pet', '[role=dialog]')
        await page.goto('/staff/')
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await check(page, "the clinic's app, for a pet owner")
      })
    },
  )
}
