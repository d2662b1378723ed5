import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
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
 * `pnpm --filter @vetcita/e2e screenshots`: takes the README's pictures of the demo, always at 10:20 of a clinic's day.
 * Look at them before you commit them.
 */
type Sized = { viewport: { width: number; height: number } }

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 1.5 }
const desk = { viewport: { width: 1280, height: 800 } }
const freeTime = /^\d\d:\d\d$/
const folder = path.join(repositoryRoot, 'docs/screenshots')
const morning = morningInAsuncion()

await mkdir(folder, { recursive: true })
await buildApps()
const product = await startProduct(morning)
try {
  const { executablePath, env } = await findChromium()
  const browser = await chromium.launch({
    executablePath,
    // the language of the browser's date fields
    args: [...chromiumArgs, '--lang=es-PY'],
    env: { ...process.env, ...(await withMoreFonts(env)), LANG: 'es_PY.UTF-8', LANGUAGE: 'es_PY' },
  })
  for (const screen of [phone, desk]) await ownersPages(browser, screen)
  await dayAtADesk(browser)
  await browser.close()
} finally {
  await product.stop()
}
console.log(`The pictures are in ${path.relative(process.cwd(), folder)}.`)

/** Takes a picture of each main page of the owners' app, signed in as Ana of the demo. */
async function ownersPages(browser: Browser, screen: BrowserContextOptions & Sized): Promise<void> {
  const page = await open(browser, screen)
  const width = screen.viewport.width
  await page.goto('/adris')
  await page.getByRole('table').waitFor()
  await save(page, `owner-clinic-${width}`)
  await signIn(page.context().request, 'ana@demo.vetcita.test', demoPassword)
  await page.goto('/adris/book')
  await page.getByRole('list', { name: 'Tus mascotas' }).getByRole('button').first().click()
  await page.getByRole('button', { name: /^Consulta general/ }).click()
  await page.getByRole('button', { name: /^Cualquiera/ }).click()
  await page.getByRole('button', { name: freeTime }).first().waitFor()
  await save(page, `owner-book-${width}`)
  await page.goto('/adris/portal/appointments')
  await page.getByRole('article').filter({ hasText: 'Confirmada' }).first().getByRole('link').click()
  await page.getByRole('region', { name: 'Historia de la cita' }).waitFor()
  await save(page, `owner-appointment-${width}`)
  await page.getByRole('button', { name: /^Reprogramar/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: freeTime }).first().click()
  await save(page, `owner-move-${width}`)
  await page.goto('/adris/store')
  const add = page.getByRole('button', { name: /^Agregar .* al carrito$/ })
  for (let products = 0; products < 2; products += 1) await add.first().click()
  await save(page, `owner-store-${width}`)
  await page.context().close()
}

async function dayAtADesk(browser: Browser): Promise<void> {
  const page = await open(browser, desk)
  await signIn(page.context().request, 'recepcion@demo.vetcita.test', demoPassword)
  await page.goto('/staff/')
  await page.locator('[data-appointment]').first().waitFor()
  // the page scrolls to the server's present time, the picture shows the browser's
  await page.locator('.vs-now').evaluate((line) => line.scrollIntoView({ block: 'center' }))
  await save(page, 'staff-day-1280')
}

/** Adds the machine's fonts, if any: the packaged font lacks the sign of the guaraní. */
async function withMoreFonts(env: Record<string, string>): Promise<Record<string, string>> {
  const own = env.FONTCONFIG_FILE
  if (own === undefined) return env
  const file = path.join(await mkdtemp(path.join(tmpdir(), 'vetcita-fonts-')), 'fonts.conf')
  const prefer = (family: string) =>
    `<alias binding="same"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`
  const more = ['system-ui', 'sans-serif'].map(prefer).join('')
  const configuration = await readFile(own, 'utf8')
  await writeFile(file, configuration.replace('<cachedir>', `<dir>/usr/share/fonts</dir>${more}<cachedir>`))
  return { ...env, FONTCONFIG_FILE: file }
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
  // wait for pending requests, and show nothing that depends on the pointer
  await page.waitForLoadState('networkidle')
  await page.mouse.move(0, 0)
  await page.screenshot({ path: path.join(folder, `${name}.png`) })
}

/** Returns today at 10:20 in Asunción, which is at UTC−03 all year. */
function morningInAsuncion(): Date {
  const today = new Date(Date.now() - 3 * 3_600_000).toISOString().slice(0, 10)
  return new Date(`${today}T10:20:00-03:00`)
}
