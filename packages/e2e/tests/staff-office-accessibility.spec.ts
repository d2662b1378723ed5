import { randomUUID } from 'node:crypto'
import { check, tagOf } from '../src/axe.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUpAt } from '../src/person.ts'

const desk = { width: 1280, height: 800 }
// the smallest screen that receptions use
const tablet = { width: 820, height: 1180 }

const looks = [
  { language: 'es', colorScheme: 'light', widths: [desk, tablet] },
  { language: 'en', colorScheme: 'dark', widths: [tablet, desk] },
] as const

for (const { language, colorScheme, widths } of looks) {
  const [here, there] = widths
  test.describe(
    `no serious axe violations in the office, in ${language}, ${colorScheme}`,
    tagOf(language),
    () => {
      test.use({ colorScheme, viewport: here })
      test.slow()
      const say = <Words>(es: Words, en: Words) => (language === 'es' ? es : en)

      test('clients, products, settings, staff and their dialogs', async ({ page, context, clinic }) => {
        await page.addInitScript((chosen) => localStorage.setItem('vetcita.language', chosen), language)
        const [vet] = clinic.vets
        const client = randomUUID()
        await clinic.addProfile(client, 'owner', 'Rosa Ayala', '+595 981 123 456')
        const pet = await clinic.addPet(client, 'Luna')
        await clinic.addAppointment({ pet, vet, days: 2, time: '09:00' })
        await clinic.takeTimeOff(vet, 5)
        await signUpAt(clinic, context.request, 'Alma Admin', 'admin')

        const open = (path: string) => page.goto(`/staff/${clinic.id}/${path}`)
        const press = (es: RegExp, en: RegExp) =>
          page
            .getByRole('button', { name: say(es, en) })
            .first()
            .click()
        const tab = (es: string, en: string) => page.getByRole('link', { name: say(es, en) }).click()
        /** Checks a page at both widths, which have different layouts. */
        const checkPage = async (name: string) => {
          await check(page, `${name}, ${here.width} px`)
          await page.setViewportSize(there)
          await check(page, `${name}, ${there.width} px`)
          await page.setViewportSize(here)
        }
        const checkDialog = async (name: string) => {
          await check(page, name, '.mantine-Modal-content')
          await page.keyboard.press('Escape')
          await expect(page.getByRole('dialog')).toBeHidden()
          // the focus is back where it was, not at the start of the page
          await expect(page.locator('body')).not.toBeFocused()
        }

        await open('clients')
        await expect(page.getByRole('table')).toBeVisible()
        await checkPage('clients')
        await press(/^Nuevo cliente/, /^New client/)
        await press(/^Crear cliente/, /^Add client/)
        await checkDialog('a new client without a name')
        await page.getByRole('searchbox').fill('zzzz')
        await expect(page.getByRole('heading', { name: /zzzz/ })).toBeVisible()
        await check(page, 'no such client')
        await page.getByRole('searchbox').fill('luna')
        await page.getByRole('link', { name: 'Rosa Ayala', exact: true }).click()
        await expect(page.getByRole('heading', { name: 'Rosa Ayala' })).toBeVisible()
        await checkPage('a client')
        await press(/^Editar$/, /^Edit$/)
        await checkDialog('edit a client')
        await press(/^Dar de baja/, /^Retire/)
        await checkDialog('retire a pet')
        await press(/^Dar acceso/, /^Give access/)
        await press(/^Crear enlace/, /^Create link/)
        await expect(page.getByRole('dialog').getByRole('textbox')).toBeVisible()
        await checkDialog('a link for a client')

        await open('products')
        await expect(page.getByRole('table')).toBeVisible()
        await checkPage('products')
        await press(/^Editar /, /^Edit /)
        await check(page, 'edit a product', '.mantine-Modal-content')
        await press(/^Eliminar/, /^Delete/)
        await checkDialog('delete a product')

        await open('settings/services')
        await expect(page.getByRole('table')).toBeVisible()
        await checkPage('services')
        await press(/^Editar /, /^Edit /)
        await checkDialog('edit a service')
        await tab('Horarios', 'Hours')
        await press(/^Copiar/, /^Copy/)
        await checkPage('hours, changed')
        await tab('Ausencias', 'Time off')
        await check(page, 'hours, not saved', '.mantine-Modal-content')
        await press(/^Salir/, /^Leave/)
        await expect(page.getByRole('button', { name: say(/^Ver y mover/, /^See and move/) })).toBeVisible()
        await checkPage('time off with an appointment inside')
        await press(/^Nueva ausencia/, /^New time off/)
        await page.getByRole('dialog').getByRole('switch').press('Space')
        await checkDialog('new time off')
        await press(/^Quitar la ausencia/, /^Remove .* time off/)
        await checkDialog('take time off back')
        await tab('Reglas', 'Rules')
        await page.getByRole('combobox', { name: say('Zona horaria', 'Time zone') }).click()
        await expect(page.getByRole('option', { selected: true })).toBeVisible()
        await checkPage('rules, with the zones')
        await page.keyboard.press('Escape')
        await tab('Equipo', 'Staff')
        await press(/^Invitar a alguien/, /^Invite someone/)
        await check(page, 'invite', '.mantine-Modal-content')
        await press(/^Crear enlace/, /^Create link/)
        await expect(page.getByRole('dialog').getByLabel(say('Enlace', 'Link'))).toBeVisible()
        await checkDialog('an invitation')
        await checkPage('staff')
        await press(/^Cambiar rol: Dra. Inés/, /^Change role: Dra. Inés/)
        await page.getByRole('radio').first().check()
        await press(/^Guardar/, /^Save/)
        await expect(page.getByRole('dialog').getByRole('listitem')).toBeVisible()
        await checkDialog('a vet with an appointment to come')
        await page.goto(`/staff/join/${clinic.id}#token=x`)
        await expect(page.getByRole('alert')).toBeVisible()
        await check(page, 'an unknown invitation')
      })
    },
  )
}
