import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import { type Database, findClinic, languageOf, listClinics, membershipsOf } from '@vetcita/db'
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

/** The limit of requested mails to one address, so that nobody can flood a mailbox through us. */
const MAX_LETTERS_PER_HOUR = 6

/** Returns a function that writes the letters about sign-up and passwords and hands them to the mailer. */
export function accountMails(db: Database, env: Env, mailer: Mailer, log: FastifyBaseLogger) {
  /**
   * @param request the request that caused the letter; its clinic and its language are used
   * @param token what the page sends back; it follows a `#`, so browsers send it to no server and it gets into no log
   * @param forStaff whether the page leads back to the staff's app
   */
  return async function write(
    kind: LetterKind,
    person: Recipient,
    request: Request | undefined,
    token?: string,
    forStaff = false,
  ): Promise<void> {
    // A password change is always reported: an attacker could otherwise use up the limit first.
    if (kind !== 'changed' && !(await mayWriteTo(person.email))) {
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

  async function mayWriteTo(email: string): Promise<boolean> {
    const identifier = `mail:${email}`
    const sent = await db.verification.count({ where: { identifier, expiresAt: { gt: new Date() } } })
    if (sent >= MAX_LETTERS_PER_HOUR) return false
    const expiresAt = new Date(Date.now() + 3_600_000)
    await db.verification.create({ data: { identifier, value: 'sent', expiresAt } })
    return true
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
