import { createHmac } from 'node:crypto'
import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import {
  countAttempt,
  type Database,
  findClinic,
  forgetAttempts,
  languageOf,
  listClinics,
  membershipsOf,
} from '@vetcita/db'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from '../env.ts'
import { type LetterKind, letter } from '../mail/letters.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { MailLanguage } from '../mail/texts.ts'

/** The parts of an account that a letter needs. */
export type Recipient = { id: string; email: string; name: string }

/** The page of the pet owners' app that each letter opens. */
const pages: Record<LetterKind, string> = {
  confirmation: 'confirm-email',
  reset: 'reset-password',
  known: 'forgot-password',
  changed: 'forgot-password',
}

/**
 * The limit of requested mails of one kind to one address, so that nobody can flood a mailbox through us. Each kind has its
 * own limit: sign-ups by others do not use up the owner's resets. A reset's link works for as long as its mail counts, so an
 * owner who gets no further one has six links that work.
 */
const limit = { own: 6, account: 0, windowMs: 60 * 60 * 1000 }

/** Returns a writer of the letters about sign-up and passwords, which hands them to the mailer. */
export function accountMails(db: Database, env: Env, mailer: Mailer, log: FastifyBaseLogger) {
  return {
    write,
    /** Allows new reset mails to an address whose earlier links have stopped working. */
    forgetResets: (email: string) => forgetAttempts(db, counterOf('reset', email)),
  }

  /**
   * @param request the request that caused the letter; its clinic and its language are used
   * @param token what the page sends back; it follows a `#`, so browsers send it to no server and it gets into no log
   * @param forStaff whether the page leads back to the staff's app
   */
  async function write(
    kind: LetterKind,
    person: Recipient,
    request: Request | undefined,
    token?: string,
    forStaff = false,
  ): Promise<void> {
    // A password change is always reported: an attacker could otherwise use up the limit first.
    if (kind !== 'changed' && !(await mayWrite(kind, person.email))) {
      log.warn({ part: 'mail', kind }, 'mail not sent: too many to one address within an hour')
      return
    }
    const clinic = await clinicOf(person, request)
    const page = clinic === null ? '/' : `/${clinic}/${pages[kind]}${forStaff ? '?for=staff' : ''}`
    const secret = token === undefined ? '' : `#token=${encodeURIComponent(token)}`
    mailer.send(
      letter(kind, {
        to: person.email,
        name: person.name,
        language: (await languageOf(db, person.id)) ?? languageFor(request),
        link: `${env.PUBLIC_URL}${page}${secret}`,
      }),
    )
  }

  async function mayWrite(kind: LetterKind, email: string): Promise<boolean> {
    return (await countAttempt(db, { own: counterOf(kind, email), account: null }, limit)) === null
  }

  /** Returns the name of a counter, which does not reveal the address. */
  function counterOf(kind: LetterKind, email: string): string {
    const hash = createHmac('sha256', env.AUTH_SECRET).update(`mail ${email.toLowerCase()}`).digest('hex')
    return `mail:${kind}:${hash.slice(0, 32)}`
  }

  /** Returns the clinic that the request named, or else one of the person's own, or else any: an account belongs to none. */
  async function clinicOf(person: Recipient, request: Request | undefined): Promise<string | null> {
    const slug = clinicSlug.safeParse(request?.headers.get(clinicHeader))
    if (slug.success && (await findClinic(db, slug.data)) !== null) return slug.data
    const [own] = await membershipsOf(db, person.id)
    return own?.id ?? (await listClinics(db))[0]?.id ?? null
  }
}

/**
 * Returns whether a mail was requested in the staff's app.
 *
 * @param url the link that better-auth proposes, with the address to continue to
 */
export function isForStaff(url: string): boolean {
  return new URL(url).searchParams.get('callbackURL') === '/staff/'
}

/** Returns which of our languages a request prefers; Spanish if it names neither. */
export function languageFor(request: Request | undefined): MailLanguage {
  return /^en\b/i.test(request?.headers.get('accept-language') ?? '') ? 'en' : 'es'
}
