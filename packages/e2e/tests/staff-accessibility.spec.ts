import type { Page } from '@playwright/test'
import { demoPassword } from '@vetcita/db/demo/sign-ins'
import { check, tagOf } from '../src/axe.ts'
import { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { signIn } from '../src/person.ts'
import { typeTime } from '../src/time-field.ts'

/** A desktop, and a tablet, the smallest screen that receptions use. */
const sizes = [
  { width: 1280, height: 800 },
  { width: 820, height: 1180 },
]
const states = [
  'scheduled',
  'confirmed',
  'checked_in',
  'in_progress',
  'completed',
  'cancelled',
  'no_show',
] as const
const modal = '.mantine-Modal-content'

/** Runs `check` on both screens and expects the page to fit their width. */
async function checkBoth(page: Page, name: string, part?: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    await check(page, `${name}, ${size.width} px`, part)
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect.soft(over, `${name}, ${size.width} px: so many pixels too wide`).toBe(0)
  }
}

for (const { language, colorScheme } of [
  { language: 'es', colorScheme: 'light' },
  { language: 'en', colorScheme: 'dark' },
] as const) {
  test.describe(
    `no serious axe violations in the clinic's app, in ${language}, ${colorScheme}`,
    tagOf(language),
    () => {
      test.use({ colorScheme })
      test.slow()
      test.beforeEach(async ({ page }) => {
        await page.addInitScript((chosen) => localStorage.setItem('vetcita.language', chosen), language)
      })
      const say = (spanish: string, english: string) => (language === 'es' ? spanish : english)

      test('the calendar and an appointment of the demo', async ({ page, context }) => {
        await page.goto('/staff/')
        await expect(page.getByRole('form')).toBeVisible()
        await checkBoth(page, 'sign in')
        await page
          .getByRole('link', { name: say('¿Olvidaste tu contraseña?', 'Forgot your password?') })
          .click()
        await expect(page.getByRole('heading', { level: 1 })).toHaveText(
          say('Recuperar la contraseña', 'Reset your password'),
        )
        await checkBoth(page, 'forgotten password')
        await signIn(context.request, 'admin@demo.vetcita.test', demoPassword)
        const day = new Date(Date.now() + nextWorkday()).toISOString().slice(0, 10)
        await page.goto(`/staff/adris/day?date=${day}`)
        const card = page.locator('.vs-event').first()
        await expect(card).toBeVisible()
        await checkBoth(page, 'day')
        await page.getByLabel(say('Fecha', 'Date'), { exact: true }).click()
        await checkBoth(page, 'the small calendar', '[data-dates-dropdown]')
        await page.keyboard.press('Escape')
        await card.click()
        const more = page.getByRole('button', { name: say('Más acciones', 'More actions') }).first()
        await expect(page.getByRole('region', { name: say('Historial', 'History') })).toBeVisible()
        await checkBoth(page, 'drawer with history and notes', '[role=dialog]')
        await more.click()
        const cancel = page.getByRole('menuitem', { name: say('Cancelar', 'Cancel') })
        await cancel.hover()
        await check(page, 'menu of an appointment', '[role=menu]')
        await cancel.click()
        await page.locator(modal).locator('button[type=submit]').click()
        await checkBoth(page, 'cancel, without the reason', modal)
        await page.keyboard.press('Escape')
        await page
          .getByRole('button', { name: say('Mover:', 'Move:') })
          .first()
          .click()
        await expect(
          page.locator(modal).getByRole('group', { name: say('Días de la semana', 'Days of the week') }),
        ).toBeVisible()
        await checkBoth(page, 'move', modal)
        await page.locator(modal).getByRole('switch').press('Space')
        await checkBoth(page, 'move by hand', modal)
        await page.goto(`/staff/adris/week?date=${day}`)
        await expect(page.locator('.vs-event').first()).toBeVisible()
        await checkBoth(page, 'week')
        await page.goto('/staff/hudson/day?date=2020-01-01')
        await expect(page.getByText(say('0 citas', '0 appointments'))).toBeVisible()
        await checkBoth(page, 'a day without appointments')
        await page.goto('/staff/nowhere/day')
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await checkBoth(page, 'a clinic that is not theirs')
      })

      test('a booking, every status, and refusals', async ({ page, context, clinic, account, database }) => {
        await clinic.addProfile(account.id, 'receptionist', account.name)
        await context.addCookies(account.cookies)
        const pet = await clinic.addPet(account.id, 'Luna')
        for (const [index, status] of states.entries()) {
          const time = `${String(10 + index)}:00`
          await clinic.addAppointment({ pet, vet: clinic.vets[0], days: 0, time, status })
        }
        await page.route(/live\.calendar/, (route) => route.abort())
        await page.goto(`/staff/${clinic.id}/today`)
        await expect(page.getByRole('article')).toHaveCount(states.length)
        await expect(page.locator('.vs-stale')).toBeVisible()
        await checkBoth(page, 'today, every status, stale')

        await page.goto(`/staff/${clinic.id}/day`)
        await page.getByRole('switch', { name: say('Ver canceladas', 'Show cancelled') }).press('Space')
        await expect(page.locator('.vs-event')).toHaveCount(states.length)
        await expect(page.locator('.vs-stale')).toBeVisible()
        await checkBoth(page, 'day, every status, stale')
        await page.keyboard.press('n')
        const dialog = page.getByRole('dialog', { name: say('Nueva cita', 'New appointment') })
        const who = dialog.getByLabel(say('¿Para quién es?', 'Who is it for?'))
        await dialog.locator('button[type=submit]').click()
        await expect(who).toHaveAttribute('aria-invalid', 'true')
        await checkBoth(page, 'booking, no client yet', modal)
        await who.fill('lu')
        await expect(page.getByRole('option', { name: /^Luna/ })).toBeVisible()
        await check(page, 'booking: clients found', '.mantine-Select-dropdown')
        await page.getByRole('option', { name: say('Cliente nuevo', 'New client') }).click()
        await typeTime(dialog.getByLabel(say('Hora de la clínica', 'Clinic time')), '23:30')
        await expect(dialog.getByRole('checkbox')).toBeVisible()
        await checkBoth(page, 'booking: a new client, outside hours', modal)
        await dialog.getByRole('checkbox').check()
        await dialog.locator('button[type=submit]').click()
        await expect(dialog.getByText(say('Completá este campo.', 'This field is required.'))).toBeVisible()
        await checkBoth(page, 'booking: something is missing', modal)

        await page.route(/appointments\.day/, (route) => route.abort())
        await page.goto(`/staff/${clinic.id}/day`)
        await expect(page.getByRole('alert').filter({ hasText: /\w/ })).toBeVisible()
        await checkBoth(page, 'a day that failed to load')
        await page.unroute(/appointments\.day/)

        const young = new Clinic(database)
        await young.create()
        await young.addProfile(account.id, 'receptionist', account.name)
        await database.query(`update profiles set role = 'receptionist' where tenant_id = $1`, [young.id])
        await page.goto(`/staff/${young.id}/day`)
        const empty = page.getByText(
          say('Esta clínica todavía no tiene veterinarios', 'This clinic has no vets yet'),
        )
        await expect(empty).toBeVisible()
        await checkBoth(page, 'a clinic without vets')
        await page.goto(`/staff/${young.id}/week`)
        await expect(empty).toBeVisible()
      })
    },
  )
}

/** Milliseconds until the next Tuesday to Thursday, when most of the demo's vets work. */
function nextWorkday(): number {
  const oneDay = 86_400_000
  const ahead = [1, 2, 3, 4, 5, 6, 7].find((days) => {
    const weekday = new Date(Date.now() + days * oneDay).getUTCDay()
    return weekday >= 2 && weekday <= 4
  })
  return (ahead ?? 1) * oneDay
}
