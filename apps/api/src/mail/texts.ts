/** The languages of our mails: Paraguayan Spanish and English. */
export type MailLanguage = 'es' | 'en'

type LetterText = {
  subject: string
  /** One string per paragraph. */
  body: readonly string[]
  button: string
  foot: string
}

type Texts = {
  greeting: (name: string) => string
  confirmation: LetterText
  reset: LetterText
  /** For a sign-up with an address that already has an account. */
  known: LetterText
  /** After a change of password. */
  changed: LetterText
  signature: string
}

export const letterTexts: Record<MailLanguage, Texts> = {
  es: {
    greeting: (name) => (name === '' ? 'Hola:' : `Hola, ${name}:`),
    confirmation: {
      subject: 'Confirmá tu correo',
      body: ['Creaste una cuenta en Vetcita con este correo. Confirmá que es tuyo.'],
      button: 'Confirmar mi correo',
      foot: 'El enlace vence en un día. Si no creaste ninguna cuenta, ignorá este mensaje.',
    },
    reset: {
      subject: 'Elegí una contraseña nueva',
      body: ['Pediste cambiar la contraseña de tu cuenta en Vetcita.'],
      button: 'Elegir una contraseña',
      foot: 'El enlace vence en una hora y sirve una sola vez. Si no lo pediste, ignorá este mensaje: tu contraseña sigue siendo la misma.',
    },
    known: {
      subject: 'Ya tenés una cuenta',
      body: [
        'Alguien intentó crear una cuenta en Vetcita con este correo, pero ya tenés una.',
        'Si fuiste vos, iniciá sesión con tu contraseña de siempre. Si no te acordás, elegí otra.',
      ],
      button: 'Elegir otra contraseña',
      foot: 'Si no fuiste vos, ignorá este mensaje: no cambió nada en tu cuenta.',
    },
    changed: {
      subject: 'Tu contraseña cambió',
      body: [
        'Se acaba de cambiar la contraseña de tu cuenta en Vetcita y se cerraron las demás sesiones.',
        'Si fuiste vos, no tenés que hacer nada.',
      ],
      button: 'No fui yo: elegir otra contraseña',
      foot: 'Te avisamos cada vez que cambia tu contraseña.',
    },
    signature: 'Vetcita',
  },
  en: {
    greeting: (name) => (name === '' ? 'Hello,' : `Hello ${name},`),
    confirmation: {
      subject: 'Confirm your email',
      body: ['You created a Vetcita account with this address. Please confirm that it is yours.'],
      button: 'Confirm my email',
      foot: 'The link expires in one day. If you did not create an account, ignore this message.',
    },
    reset: {
      subject: 'Choose a new password',
      body: ['You asked to change the password of your Vetcita account.'],
      button: 'Choose a password',
      foot: 'The link expires in one hour and works only once. If you did not ask for it, ignore this message: your password stays the same.',
    },
    known: {
      subject: 'You already have an account',
      body: [
        'Someone tried to create a Vetcita account with this address, but you already have one.',
        'If it was you, sign in with your usual password. If you do not remember it, choose another one.',
      ],
      button: 'Choose another password',
      foot: 'If it was not you, ignore this message: nothing in your account has changed.',
    },
    changed: {
      subject: 'Your password was changed',
      body: [
        'The password of your Vetcita account was just changed, and all other sessions were signed out.',
        'If it was you, you do not need to do anything.',
      ],
      button: 'It was not me: choose another password',
      foot: 'We let you know every time your password changes.',
    },
    signature: 'Vetcita',
  },
}
