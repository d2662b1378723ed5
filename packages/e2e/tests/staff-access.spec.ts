import { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { mailedLink } from '../src/mails.ts'
import { password, signUp, signUpAt } from '../src/person.ts'

test('a user with two clinics switches between them, and as a vet sees their own column first', async ({
  page,
  context,
  clinic,
  database,
}) => {
  const other = new Clinic(database)
  await other.create()
  const receptionist = await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await other.addProfile(receptionist.id, 'vet', 'Lía Recepción')
  await page.goto(`/staff/${clinic.id}/day`)
  await page.getByRole('button', { name: `Cambiar de clínica: ${clinic.name}` }).click()
  await page.getByRole('menuitem', { name: other.name }).click()
  await expect(page.getByRole('button', { name: `Cambiar de clínica: ${other.name}` })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`/staff/${other.id}/day`))
  await expect(page.locator('.vs-column-head').filter({ hasText: /\w/ })).toHaveText([
    'Lía Recepción',
    'Dr. Tomás Ferreyra',
    'Dra. Inés Paredes',
  ])
})

test('a staff member resets a forgotten password by mail and returns to the clinic’s app', async ({
  page,
  clinic,
  elsewhere,
}) => {
  const { email } = await signUpAt(clinic, elsewhere, 'Lía Recepción', 'receptionist')
  await page.goto(`/staff/${clinic.id}/today`)
  await page.getByRole('link', { name: '¿Olvidaste tu contraseña?' }).click()
  const forgotten = page.getByRole('form', { name: 'Recuperar la contraseña' })
  await forgotten.getByLabel('Correo electrónico').fill(email)
  await forgotten.getByRole('button', { name: 'Mandarme el enlace' }).click()
  await expect(page.getByText('Revisá tu correo')).toBeVisible()
  await page.goto(await mailedLink(email, 'Elegí una contraseña nueva'))
  await page.getByRole('textbox', { name: 'Contraseña nueva' }).fill(`${password}-mejor`)
  await page.getByRole('button', { name: 'Guardar la contraseña' }).click()
  await page.getByRole('link', { name: 'Continuar' }).click()
  const form = page.getByRole('form', { name: 'Iniciar sesión' })
  await form.getByLabel('Correo electrónico').fill(email)
  await form.getByLabel('Contraseña', { exact: true }).fill(`${password}-mejor`)
  await form.getByRole('button', { name: 'Iniciar sesión' }).click()
  await expect(page).toHaveURL(`/staff/${clinic.id}/day`)
})

test('a pet owner who opens the clinic’s app gets a link to their appointments', async ({
  page,
  context,
  clinic,
}) => {
  await signUpAt(clinic, context.request, 'Ana Vera', 'owner')
  await page.goto('/staff/')
  await expect(
    page.getByRole('heading', { name: 'Esta página es para el equipo de la clínica' }),
  ).toBeVisible()
  await page.getByRole('link', { name: 'Ir a mis citas' }).click()
  await expect(page.getByRole('heading', { name: 'Mis citas' })).toBeVisible()
})

test('a clinic shows nothing to users who are not its staff', async ({
  page,
  context,
  clinic,
  elsewhere,
}) => {
  await signUp(elsewhere, 'Nadie')
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.goto('/staff/adris/day')
  await expect(page.getByText('Tu cuenta no es del equipo de esta clínica')).toBeVisible()
  await expect(page.getByRole('link', { name: clinic.name })).toBeVisible()
})
