import { chromium } from '@playwright/test'
import { findChromium, chromiumArgs } from './src/chromium.ts'
const b = await findChromium()
const browser = await chromium.launch({ executablePath: b.executablePath, args: chromiumArgs, env: { ...process.env as Record<string,string>, ...b.env } })
const base = 'http://localhost:4100'
for (const [w, h] of [[390, 844], [1280, 800]] as const) {
  const ctx = await browser.newContext({ viewport: { width: w, height: h }, locale: 'es-PY' })
  const page = await ctx.newPage()
  const shot = async (name: string, full = true) => { await page.waitForTimeout(900); await page.screenshot({ path: `/tmp/shots/me-${name}-${w}.png`, fullPage: full }) }
  await page.goto(base + '/'); await shot('home')
  await page.goto(base + '/adris/login')
  await page.getByLabel(/correo/i).first().fill('ana@demo.vetcita.test')
  await page.getByLabel(/contrase/i).first().fill('vetcita-demo')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(2500)
  await page.goto(base + '/adris/portal/appointments'); await shot('appointments')
  await page.goto(base + '/adris/store'); await shot('store', false)
  await ctx.clearCookies()
  await page.goto(base + '/staff/')
  await page.getByLabel(/correo/i).first().fill('recepcion@demo.vetcita.test')
  await page.getByLabel(/contrase/i).first().fill('vetcita-demo')
  await page.keyboard.press('Enter')
  await page.waitForTimeout(2500); await shot('staff-day')
  await ctx.close()
}
await browser.close()
