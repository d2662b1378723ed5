import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import { demoPassword } from '@vetcita/db/demo/sign-ins'
import { repositoryRoot } from '@vetcita/postgres'
import { buildApps } from './build.ts'
import { chromiumArgs, findChromium } from './chromium.ts'
import { signIn } from './person.ts'
import { startProduct } from './product.ts'

/**
 * `pnpm --filter @vetcita/e2e screenshots`: takes the README's pictures from the demo, in the middle of a clinic's
 * morning whatever the hour is now. Look at them before you commit them.
 */
const folder = path.join(repositoryRoot, 'docs/screenshots')
const morning = morningInAsuncion()

await mkdir(folder, { recursive: true })
await buildApps()
const product = await startProduct(morning)
try {
  const { executablePath, env } = await findChromium()
  const browser = await chromium.launch({
    executablePath,
    // the browser's own language, which its date fields follow
    args: [...chromiumArgs, '--lang=es-PY'],
    env: { ...process.env, ...env, LANG: 'es_PY.UTF-8', LANGUAGE: 'es_PY' },
  })
  await bookingOnAPhone(browser)
  await dayAtADesk(browser)
  await browser.close()
} finally {
  await product.stop()
}
console.log(`The pictures are in ${path.relative(process.cwd(), folder)}.`)

async function bookingOnAPhone(browser: Browser): Promise<void> {
  const page = await open(browser, { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 })
  await signIn(page.context().request, 'ana@demo.vetcita.test', demoPassword)
  await page.goto('/adris/book')
  await page.getByRole('list', { name: 'Tus mascotas' }).getByRole('button').first().click()
  await page.getByRole('button', { name: /^Consulta general/ }).click()
  await page.getByRole('button', { name: /^Cualquiera/ }).click()
  await page
    .getByRole('button', { name: /^\d\d:\d\d$/ })
    .first()
    .waitFor()
  await save(page, 'owner-book-390')
}

async function dayAtADesk(browser: Browser): Promise<void> {
  const page = await open(browser, { viewport: { width: 1280, height: 800 } })
  await signIn(page.context().request, 'recepcion@demo.vetcita.test', demoPassword)
  await page.goto('/staff/')
  await page.getByRole('article').first().waitFor()
  await save(page, 'staff-day-1280')
}

async function open(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext({
    ...options,
    baseURL: product.url,
    locale: 'es-PY',
    timezoneId: 'America/Asuncion',
    reducedMotion: 'reduce',
  })
  await context.clock.setFixedTime(morning)
  return context.newPage()
}

async function save(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready)
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
}

/** Today, 10:20 in Asunción, which is three hours behind UTC all year. */
function morningInAsuncion(): Date {
  const today = new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 10)
  return new Date(`${today}T10:20:00-03:00`)
}
