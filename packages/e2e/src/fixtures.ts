import process from 'node:process'
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test'
import pg from 'pg'
import { Clinic } from './clinic.ts'
import { type Person, signUp } from './person.ts'

type Fixtures = {
  /** A clinic that this journey has to itself. */
  clinic: Clinic
  /** a pet owner of the clinic, signed in in the browser */
  owner: Person
  /** Another session, with its own cookies and without a browser. */
  elsewhere: APIRequestContext
  /** Opens a page on another device, with its own cookies and storage. */
  otherDevice: () => Promise<Page>
  /** Fails a journey if one of its pages violates the content security policy. */
  contentPolicy: undefined
}

type Account = Omit<Person, 'request'> & {
  cookies: Awaited<ReturnType<APIRequestContext['storageState']>>['cookies']
}

type WorkerFixtures = {
  database: pg.Client
  /** One account for all journeys that need any user: hashing a password is slow on purpose. */
  account: Account
}

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the journeys with "playwright test".`)
  return value
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  database: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixture's dependencies from this pattern
    async ({}, use) => {
      const database = new pg.Client({ connectionString: required('VETCITA_E2E_DATABASE') })
      await database.connect()
      await use(database)
      await database.end()
    },
    { scope: 'worker' },
  ],
  account: [
    async ({ playwright }, use) => {
      const request = await playwright.request.newContext({ baseURL: required('VETCITA_E2E_URL') })
      const { id, name, email } = await signUp(request, 'Ana Vera')
      const { cookies } = await request.storageState()
      await request.dispose()
      await use({ id, name, email, cookies })
    },
    { scope: 'worker' },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  baseURL: async ({}, use) => use(required('VETCITA_E2E_URL')),
  clinic: async ({ database }, use) => {
    const clinic = new Clinic(database)
    await clinic.create()
    await use(clinic)
  },
  owner: async ({ account: { cookies, ...person }, clinic, context }, use) => {
    await clinic.addProfile(person.id, 'owner', person.name, '+595 981 555 000')
    await context.addCookies(cookies)
    await use({ ...person, request: context.request })
  },
  elsewhere: async ({ playwright, baseURL }, use) => {
    const request = await playwright.request.newContext({ baseURL: baseURL ?? '' })
    await use(request)
    await request.dispose()
  },
  contentPolicy: [
    async ({ context }, use) => {
      const broken: string[] = []
      context.on('console', (message) => {
        if (message.text().includes('Content Security Policy')) broken.push(message.text())
      })
      await use(undefined)
      expect(broken, 'violations of the content security policy').toEqual([])
    },
    { auto: true },
  ],
  otherDevice: async ({ browser, contextOptions, baseURL, viewport }, use) => {
    const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = []
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL: baseURL ?? '', viewport })
      contexts.push(context)
      return context.newPage()
    })
    for (const context of contexts) await context.close()
  },
})

export { expect } from '@playwright/test'
