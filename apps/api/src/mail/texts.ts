/** The languages in which we write; Spanish (es-PY) first. */
export type MailLanguage = 'es' | 'en'

type Words = {
  subject: string
  /** A paragraph each. */
  body: readonly string[]
  button: string
  foot: string
}

type Texts = {
  greeting: (name: string) => string
  confirmation: Words
  reset: Words
  /** To somebody who has an account already, when it is asked for once more. */
  known: Words
  /** After a password was changed. */
  changed: Words
  signature: string
}

export const letterTexts: Record<MailLanguage, Texts> = {
  es: {
    greeting: (name) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
    confirmation: {
      subject: 'Confirmá tu correo',
      body: ['Creaste una cuenta en Vetcita con este correo. Confirmá que es tuyo.'],
      button: 'Confirmar mi correo',
      foot: 'El enlace vale por un día. Si no creaste ninguna cuenta, ignorá este mensaje.',
    },
    reset: {
      subject: 'Elegí una contraseña nueva',
      body: ['Pediste cambiar la contraseña de tu cuenta en Vetcita.'],
      button: 'Elegir contraseña',
      foot: 'El enlace vale por una hora y una sola vez. Si no lo pediste, ignorá este mensaje: tu contraseña sigue siendo la misma.',
    },
    known: {
      subject: 'Ya tenés una cuenta',
      body: [
        'Alguien quiso crear una cuenta en Vetcita con este correo, pero ya tenés una.',
        'Si fuiste vos, iniciá sesión con tu contraseña de siempre. Si no la recordás, elegí otra.',
      ],
      button: 'Elegir otra contraseña',
      foot: 'Si no fuiste vos, ignorá este mensaje: en tu cuenta no cambió nada.',
    },
    changed: {
      subject: 'Tu contraseña cambió',
      body: [
        'La contraseña de tu cuenta en Vetcita se cambió recién, y se cerraron las demás sesiones.',
        'Si fuiste vos, no hace falta que hagas nada.',
      ],
      button: 'No fui yo: elegir otra contraseña',
      foot: 'Te avisamos cada vez que tu contraseña cambia.',
    },
    signature: 'Vetcita',
  },
  en: {
    greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
    confirmation: {
      subject: 'Confirm your email',
      body: ['You made an account at Vetcita with this address. Please confirm that it is yours.'],
      button: 'Confirm my email',
      foot: 'The link works for one day. If you made no account, ignore this message.',
    },
    reset: {
      subject: 'Choose a new password',
      body: ['You asked to change the password of your Vetcita account.'],
      button: 'Choose a password',
      foot: 'The link works for one hour and only once. If you did not ask, ignore this message: your password stays as it is.',
    },
    known: {
      subject: 'You already have an account',
      body: [
        'Somebody tried to make a Vetcita account with this address, but you have one.',
        'If it was you, sign in with the password that you have. If you do not remember it, choose another one.',
      ],
      button: 'Choose another password',
      foot: 'If it was not you, ignore this message: nothing changed in your account.',
    },
    changed: {
      subject: 'Your password was changed',
      body: [
        'The password of your Vetcita account was just changed, and the other sessions were closed.',
        'If it was you, there is nothing to do.',
      ],
      button: 'It was not me: choose another password',
      foot: 'We tell you each time your password changes.',
    },
    signature: 'Vetcita',
  },
}
