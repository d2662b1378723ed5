import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createDatabase } from '@vetcita/db'
import type { ScratchDatabase } from '@vetcita/testing'
import { seededDatabase } from '@vetcita/testing/seeded-database'
import type pg from 'pg'
import { type Env, readEnv } from '../../src/env.ts'
import { buildApi } from '../../src/http/app.ts'
import { type ReadMail, readMails } from './mails.ts'
import { type Person, visitor } from './person.ts'

/** A running API on a scratch database with the two seeded clinics. */
export type TestApi = {
  url: string
  scratch: ScratchDatabase
  /** A superuser's connection, for setup and inspection. */
  admin: pg.Client
  /** Creates an account and signs it in. */
  signUp(name: string): Promise<Person>
  /** Creates an account that is a pet owner's at these clinics. */
  owner(name: string, ...clinics: string[]): Promise<Person>
  /** Creates an account with a role at a clinic. */
  staff(name: string, clinic: string, role?: 'receptionist' | 'vet' | 'admin'): Promise<Person>
  /** Returns the mails that were sent, in order, once there are at least so many. */
  mails(atLeast: number): Promise<ReadMail[]>
  /** Counts the rows that procedures write. */
  rowCounts(): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

/** Returns the environment of the tests, with the changes of one test. */
export function testEnv(databaseUrl: string, changes: Readonly<Record<string, string>> = {}): Env {
  return readEnv({
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: 'a-secret-that-only-the-tests-know-of',
    PUBLIC_URL: 'http://localhost:4000',
    LOG_LEVEL: 'silent',
    RATE_LIMIT: '0',
    SIGN_IN_RATE_LIMIT: '0',
    ...changes,
  })
}

export async function startApi(changes: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const { scratch, admin, apiUrl } = await seededDatabase()
  const db = createDatabase(apiUrl)
  const folder = await mkdtemp(path.join(tmpdir(), 'vetcita-mails-'))
  const { app } = await buildApi(testEnv(apiUrl, { MAIL_FOLDER: folder, ...changes }), db)
  const url = await app.listen({ port: 0, host: '127.0.0.1' })

  const signUp = async (name: string): Promise<Person> => {
    const person = visitor(url)
    await person.signUp({ name, email: `${name.toLowerCase().replaceAll(' ', '.')}@example.com` })
    return person
  }
  return {
    url,
    scratch,
    admin,
    signUp,
    owner: async (name, ...clinics) => {
      const person = await signUp(name)
      for (const clinic of clinics) await person.at(clinic).clinic.join.mutate({})
      return person
    },
    staff: async (name, clinic, role = 'receptionist') => {
      const person = await signUp(name)
      await admin.query('insert into profiles (tenant_id, id, role, full_name) values ($1, $2, $3, $4)', [
        clinic,
        person.id,
        role,
        name,
      ])
      return person
    },
    mails: (atLeast) => readMails(folder, atLeast),
    rowCounts: async () => {
      const { rows } = await admin.query<Record<string, unknown>>(`
        select (select count(*) from appointments) as appointments, (select count(*) from pets) as pets,
          (select count(*) from profiles) as profiles, (select count(*) from cart_items) as cart_items,
          (select count(*) from carts) as carts, (select count(*) from appointment_events) as events`)
      return rows[0] ?? {}
    },
    stop: async () => {
      await app.close()
      await db.$disconnect()
      await admin.end()
      await scratch.drop()
      await rm(folder, { recursive: true })
    },
  }
}
