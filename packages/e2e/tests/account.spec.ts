import type { Page } from '@playwright/test'
import { expect, test } from '../src/fixtures.ts'
import { mailedLink } from '../src/mails.ts'
import { newEmail, password, signIn, signUp, signUpAt } from '../src/person.ts'

async function typeSignIn(page: Page, email: string, secret: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Iniciar sesión' })
  await form.getByLabel('Correo electrónico').fill(email)
  await form.getByLabel('Contraseña', { exact: true }).fill(secret)
  await form.getByRole('button', { name: 'Iniciar sesión' }).click()
}

test('a new account joins the clinic and confirms its address by mail; a known address is informed by mail @phone', async ({
  page,
  clinic,
  otherDevice,
}) => {
  const email = newEmail()
  const signUpOn = async (device: Page, secret: string) => {
    await device.goto(`/${clinic.id}/login?back=/${clinic.id}/portal/pets`)
    await device.getByRole('button', { name: 'Crear cuenta' }).click()
    const form = device.getByRole('form', { name: 'Crear cuenta' })
    await form.getByLabel('Nombre y apellido').fill('Rosa Ayala')
    await form.getByLabel('Correo electrónico').fill(email)
    await form.getByLabel('Teléfono (opcional)').fill('+595 981 555 123')
    await form.getByLabel('Contraseña', { exact: true }).fill(secret)
    await form.getByRole('button', { name: 'Crear cuenta' }).click()
  }
  await signUpOn(page, password)
  await expect(page).toHaveURL(`/${clinic.id}/portal/pets`)
  const notice = page.getByText(`Confirmá tu correo: te escribimos a ${email}.`)
  await expect(notice).toBeVisible()

  await page.goto(await mailedLink(email, 'Confirmá tu correo'))
  await expect(page.getByText('¡Gracias! Tu correo quedó confirmado')).toBeVisible()
  await page.getByRole('link', { name: 'Ir a la clínica' }).click()
  await expect(page.getByRole('heading', { level: 1, name: clinic.name })).toBeVisible()
  await expect(notice).toBeHidden()

  // a second sign-up with the address: only its owner is informed, by mail
  const stranger = await otherDevice()
  await signUpOn(stranger, 'otra-clave-larga')
  await expect(stranger.getByText(`Te escribimos a ${email}`)).toBeVisible()
  expect(await mailedLink(email, 'Ya tenés una cuenta')).toContain(`/${clinic.id}/forgot-password`)
})

test('the mailed link resets a forgotten password, once, and ends every session @phone', async ({
  page,
  clinic,
  elsewhere,
  otherDevice,
}) => {
  const owner = await signUpAt(clinic, elsewhere, 'Ana Vera', 'owner')
  const phone = await otherDevice()
  await signIn(phone.context().request, owner.email, password)
  await phone.goto(`/${clinic.id}/account`)
  await expect(phone.getByLabel('Nombre y apellido')).toHaveValue('Ana Vera')

  await page.goto(`/${clinic.id}/login`)
  await page.getByRole('link', { name: '¿Olvidaste tu contraseña?' }).click()
  // the previous page has a field with the same name
  const forgotten = page.getByRole('form', { name: 'Recuperar la contraseña' })
  await forgotten.getByLabel('Correo electrónico').fill(owner.email)
  await forgotten.getByRole('button', { name: 'Mandarme el enlace' }).click()
  await expect(page.getByText('Revisá tu correo')).toBeVisible()

  const link = await mailedLink(owner.email, 'Elegí una contraseña nueva')
  const choose = async () => {
    await page.goto(link)
    await page.getByRole('textbox', { name: 'Contraseña nueva' }).fill('una-clave-mejor')
    await page.getByRole('button', { name: 'Guardar la contraseña' }).click()
  }
  await choose()
  await expect(page.getByText('Tu contraseña cambió')).toBeVisible()
  await page.getByRole('link', { name: 'Continuar' }).click()
  await typeSignIn(page, owner.email, password)
  await expect(page.getByText('El correo o la contraseña no coinciden.')).toBeVisible()
  await typeSignIn(page, owner.email, 'una-clave-mejor')
  await expect(page).toHaveURL(`/${clinic.id}`)
  await phone.reload()
  await expect(phone.getByRole('heading', { name: 'Iniciá sesión para seguir' })).toBeVisible()

  await page.goto('about:blank')
  await choose()
  await expect(page.getByText('El enlace ya no sirve: venció o ya se usó. Pedí otro.')).toBeVisible()
})

test('a user of another clinic joins without typing anything again, and manages data, devices and password @phone', async ({
  page,
  clinic,
  context,
  otherDevice,
}) => {
  const owner = await signUp(context.request, 'Ana Vera')
  await page.goto(`/${clinic.id}/account`)
  await page.getByRole('link', { name: 'Usar mi cuenta acá' }).click()
  await page.getByRole('button', { name: 'Usar mi cuenta acá' }).click()
  await expect(page).toHaveURL(`/${clinic.id}/account`)

  const details = page.getByRole('form', { name: 'Tus datos' })
  await expect(details.getByLabel('Nombre y apellido')).toHaveValue('Ana Vera')
  await details.getByLabel('Nombre y apellido').fill('Ana Vera Núñez')
  await details.getByLabel('Teléfono').fill('+595 981 555 321')
  await details.getByText('English').click()
  await details.getByRole('button', { name: 'Guardar' }).click()
  await expect(page.getByText('We saved your details.')).toBeVisible()
  await page.reload()
  await expect(page.getByRole('form', { name: 'Your details' }).getByLabel('Phone')).toHaveValue(
    '+595 981 555 321',
  )
  await expect(page.getByRole('link', { name: 'My account, Ana Vera Núñez' })).toBeVisible()

  const tablet = await otherDevice()
  const phone = await otherDevice()
  for (const device of [tablet, phone]) await signIn(device.context().request, owner.email, password)
  await page.reload()
  const sessions = page.getByRole('region', { name: 'Where you are signed in' })
  await expect(sessions.getByRole('listitem')).toHaveCount(3)
  await sessions
    .getByRole('button', { name: /^Sign out .*, since/ })
    .first()
    .click()
  await expect(sessions.getByRole('listitem')).toHaveCount(2)
  await page.getByLabel('Current password').fill(password)
  await page.getByLabel('New password').fill('una-clave-mejor')
  await page.getByRole('button', { name: 'Change the password' }).click()
  await expect(page.getByText('Your password was changed and your other sessions ended.')).toBeVisible()
  await expect(sessions.getByRole('listitem')).toHaveCount(1)
  await tablet.goto(`/${clinic.id}/account`)
  await expect(tablet.getByRole('link', { name: 'Iniciar sesión' }).last()).toBeVisible()

  await page.getByRole('button', { name: 'Sign out on this device' }).click()
  await expect(page.getByRole('heading', { name: 'Sign in to continue' })).toBeVisible()
})
