import { clinicHeader, clinicSlug } from '@vetcita/contracts'
import { type Database, findClinic, languageOf, listClinics, membershipsOf } from '@vetcita/db'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from '../env.ts'
import { type LetterKind, letter } from '../mail/letters.ts'
import type { Mailer } from '../mail/mailer.ts'
import type { MailLanguage } from '../mail/texts.ts'

/** Of an account, what a letter to its owner needs. */
export type Recipient = { id: string; email: string; name: string }

/** The page of the owners' app that each letter opens. */
const pages: Record<LetterKind, string> = {
  confirmation: 'confirm-email',
  reset: 'reset-password',
  known: 'forgot-password',
  changed: 'forgot-password',
}

/** So many letters an hour to one address, whoever asks for them: nobody's mailbox is flooded through us. */
const perHour = 6

/** Writes the letters of sign-up and passwords and hands them to the mailer. */
export function accountMails(db: Database, env: Env, mailer: Mailer, log: FastifyBaseLogger) {
  /**
   * @param token what the page hands back; it stands behind the `#`, which browsers send to no server and no log
   * @param request the request that asked for it: its clinic and its language
   * @param forStaff the page then leads back to the clinic's app
   */
  return async function write(
    kind: LetterKind,
    person: Recipient,
    request: Request | undefined,
    token?: string,
    forStaff = false,
  ): Promise<void> {
    // that a password changed is told whatever went before: whoever has just changed it would use the limit up first
    if (kind !== 'changed' && !(await mayWriteTo(person.email))) {
      log.warn({ part: 'mail', kind }, 'too many mails to one address within an hour, this one was not sent')
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
    if (sent >= perHour) return false
    const expiresAt = new Date(Date.now() + 3_600_000)
    await db.verification.create({ data: { identifier, value: 'sent', expiresAt } })
    return true
  }

  /** Where the person was when they asked; else a clinic of theirs; else any, since an account belongs to none. */
  async function clinicOf(person: Recipient, request: Request | undefined): Promise<string | null> {
    const slug = clinicSlug.safeParse(request?.headers.get(clinicHeader))
    if (slug.success && (await findClinic(db, slug.data)) !== null) return slug.data
    const [own] = await membershipsOf(db, person.id)
    return own?.id ?? (await listClinics(db))[0]?.id ?? null
  }
}

/**
 * Was the mail asked for in the clinic's app?
 * @param url the link that better-auth offers, with the address to go on to
 */
export function isForStaff(url: string): boolean {
  return new URL(url).searchParams.get('callbackURL') === '/staff/'
}

/** The language in which a request was made, of those that we write; Spanish where it says none. */
export function languageFor(request: Request | undefined): MailLanguage {
  return /^en\b/i.test(request?.headers.get('accept-language') ?? '') ? 'en' : 'es'
}
