import { Clinic } from '../src/clinic.ts'
import { expect, test } from '../src/fixtures.ts'
import { signUp, signUpAt } from '../src/person.ts'

test('who works at two clinics switches between them', async ({ page, context, clinic, database }) => {
  const other = new Clinic(database)
  await other.create()
  const receptionist = await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await other.addProfile(receptionist.id, 'vet', 'Lía Recepción')
  await page.goto(`/staff/${clinic.id}/day`)
  await page.getByRole('button', { name: `Cambiar de clínica: ${clinic.name}` }).click()
  await page.getByRole('menuitem', { name: other.name }).click()
  await expect(page.getByRole('button', { name: `Cambiar de clínica: ${other.name}` })).toBeVisible()
  await expect(page).toHaveURL(new RegExp(`/staff/${other.id}/day`))
})

test('an owner at the clinic’s app is told politely where their appointments are', async ({
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

test('a clinic that is not theirs shows nothing of itself', async ({ page, context, clinic, elsewhere }) => {
  await signUp(elsewhere, 'Nadie')
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.goto('/staff/adris/day')
  await expect(page.getByText('Tu cuenta no es del equipo de esta clínica')).toBeVisible()
  await expect(page.getByRole('link', { name: clinic.name })).toBeVisible()
})
