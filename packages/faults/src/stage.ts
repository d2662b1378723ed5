import type { ScratchDatabase } from '@vetcita/testing'
import { type ApiProcess, startProcess } from '@vetcita/testing/api-process'
import { openBrowser } from '@vetcita/testing/browser'
import { adris } from '@vetcita/testing/seeded-clinics'
import { seededDatabase } from '@vetcita/testing/seeded-database'
import { asuncion } from '@vetcita/testing/times'
import type pg from 'pg'
import { z } from 'zod'
import { callApi, type Reply, type Session } from './api-client.ts'

/** An API process with its own database, and a pet owner's session at the clinic. */
export type Stage = {
  scratch: ScratchDatabase
  /** a superuser's connection, direct to the server */
  admin: pg.Client
  api: ApiProcess
  /** the API's login at the server, direct too */
  apiUrl: string
  session: Session
  petId: string
  /** Books the n-th half hour from eight, `days` from today, with an idempotency key. */
  book(n: number, key: string, days?: number): Promise<Reply>
  stop(): Promise<void>
}

/** Without rate limits, which these tests are not about. */
export const unlimited = { RATE_LIMIT: '0', SIGN_IN_RATE_LIMIT: '0', MAX_OPEN_PER_ADDRESS: '0' }

/**
 * @param between puts something between the API and the server: takes the server's URL, returns the API's
 */
export async function setStage(
  env: Readonly<Record<string, string>> = {},
  between: (apiUrl: string) => Promise<string> = async (apiUrl) => apiUrl,
): Promise<Stage> {
  const { scratch, admin, apiUrl } = await seededDatabase()
  const api = await startProcess({
    DATABASE_URL: await between(apiUrl),
    ...unlimited,
    ...env,
  })
  const { session, petId } = await newClient(api.url, 'Faulty')
  return {
    scratch,
    admin,
    api,
    apiUrl,
    session,
    petId,
    book: (n, key, days = 5) =>
      callApi(session, 'mutation', 'appointments.book', booking(petId, n, key, days)),
    stop: async () => {
      await api.stop('SIGKILL')
      await admin.end()
      await scratch.drop()
    },
  }
}

const created = z.object({ pet: z.object({ id: z.string() }) })

/** Makes a pet owner: signs up, joins the clinic, adds a pet. */
export async function newClient(
  url: string,
  name: string,
): Promise<{ session: Session; customerId: string; petId: string }> {
  const browser = openBrowser(url)
  await browser.signUp({ name, email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com` })
  const session = { url, cookie: browser.cookie, clinic: adris.id }
  await callApi(session, 'mutation', 'clinic.join')
  const pet = await callApi(session, 'mutation', 'pets.create', { name: 'Luna', species: 'dog' })
  if (pet.kind !== 'answer') throw new Error(JSON.stringify(pet))
  return { session, customerId: browser.id, petId: created.parse(pet.data).pet.id }
}

/** Returns the input that books the n-th of a vet's sixteen half hours a day. */
export function booking(petId: string, n: number, key: string, days: number, vetId = adris.vet): object {
  return { petId, serviceId: adris.consultation, vetId, startTime: slot(n, days), idempotencyKey: key }
}

/** Returns the start of the n-th half hour, from eight to twelve and from one to five. */
export function slot(n: number, days: number): string {
  const minutes = 480 + n * 30 + (n >= 8 ? 60 : 0)
  return asuncion(
    days,
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${minutes % 60 === 0 ? '00' : '30'}`,
  )
}
