import { createDatabase } from '@vetcita/db'
import { apiRole } from '@vetcita/postgres'
import { apiPassword } from '@vetcita/testing'
import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import { asuncion, day } from '@vetcita/testing/times'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildApi } from '../src/http/app.ts'
import { startApi, type TestApi, testEnv } from './support/api.ts'
import { connectLive, eventOf, type LiveConnection } from './support/live.ts'
import { type Person, visitor } from './support/person.ts'

let api: TestApi
let lucia: Person
let pet = ''
const open: LiveConnection[] = []

beforeAll(async () => {
  api = await startApi()
  lucia = await api.staff('Lucia', 'adris')
  await api.admin.query(`
    insert into profiles (tenant_id, id, role, full_name)
    values ('adris', '${adris.food}', 'owner', 'Maria'), ('lisboa', '${lisboa.food}', 'owner', 'Rita')`)
  const { rows } = await api.admin.query<{ id: string }>(`
    insert into pets (tenant_id, owner_id, name, species)
    values ('adris', '${adris.food}', 'Luna', 'cat'), ('lisboa', '${lisboa.food}', 'Bobi', 'dog') returning id`)
  pet = rows[0]?.id ?? ''
})
afterAll(() => api.stop())
afterEach(() => {
  for (const connection of open.splice(0)) connection.hangUp()
})

async function connect(person: Person, clinic = 'adris', lastEventId?: string): Promise<LiveConnection> {
  const connection = await connectLive(person, clinic, lastEventId)
  open.push(connection)
  return connection
}

/** Each booking is on its own day, so that the tests do not interfere. */
let days = 60

async function book(): Promise<{ id: string; date: string }> {
  days += 1
  const { rows } = await api.admin.query<{ id: string }>(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
     values ('adris', $1, $2, $3, $4::timestamptz, $4::timestamptz + interval '30 min') returning id`,
    [pet, adris.consultation, adris.vet, asuncion(days)],
  )
  return { id: rows[0]?.id ?? '', date: day(days) }
}

describe('live.calendar', () => {
  it('reports within a second on which days something changed, uncompressed, and only of its own clinic', async () => {
    const live = await connect(lucia)
    expect(live.response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(live.response.headers.get('content-encoding')).toBeNull()
    expect(eventOf(await live.next())).toEqual({ kind: 'ready' })

    await api.admin.query(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time)
       select 'lisboa', id, $1, $2, now() + interval '9 days', now() + interval '9 days 30 min' from pets where name = 'Bobi'`,
      [lisboa.consultation, lisboa.vet],
    )
    const { id, date } = await book()
    const begun = performance.now()
    expect(eventOf(await live.next())).toEqual({ kind: 'changed', clinic: 'adris', dates: [date] })
    expect(performance.now() - begun).toBeLessThan(1_000)

    days += 1
    await lucia
      .at('adris')
      .appointments.reschedule.mutate({ appointmentId: id, newStartTime: asuncion(days) })
    expect(eventOf(await live.next())).toEqual({ kind: 'changed', clinic: 'adris', dates: [date, day(days)] })
    await lucia.at('adris').appointments.setNotes.mutate({ appointmentId: id, notes: 'Alérgica' })
    expect(eventOf(await live.next())).toEqual({ kind: 'changed', clinic: 'adris', dates: [day(days)] })
  })

  it('reports what another process changed', async () => {
    const db = createDatabase(api.scratch.urlAs(apiRole, apiPassword))
    const { app } = await buildApi(testEnv(api.scratch.urlAs(apiRole, apiPassword)), db)
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const elsewhere = visitor(url)
    await elsewhere.signIn(lucia.email)
    const live = await connect(elsewhere)
    expect(eventOf(await live.next())).toEqual({ kind: 'ready' })
    const { id, date } = await book()
    expect(eventOf(await live.next())).toMatchObject({ dates: [date] })
    await lucia.at('adris').appointments.changeStatus.mutate({ appointmentId: id, newStatus: 'confirmed' })
    expect(eventOf(await live.next())).toMatchObject({ dates: [date] })

    const ended = live.next()
    await app.close()
    // without an error, upon which a browser reconnects
    expect(await ended).toBeUndefined()
    await db.$disconnect()
  })

  it('resumes where the last connection ended', async () => {
    const live = await connect(lucia)
    await live.next()
    await book()
    const last = (await live.next())?.id
    live.hangUp()
    const { date } = await book()
    const again = await connect(lucia, 'adris', last)
    const missed = eventOf(await again.next())
    expect(missed.kind === 'changed' && missed.dates).toContain(date)
    const longAgo = await connect(lucia, 'adris', '2020-01-01T00:00:00Z')
    expect(eventOf(await longAgo.next())).toEqual({ kind: 'ready' })
  })

  it('refuses anyone who is not of the clinic’s staff', async () => {
    const owner = await api.owner('Olga', 'adris')
    const first = async (person: Person, clinic?: string) => (await connect(person, clinic)).next()
    const refused = (data: object) => ({ event: 'serialized-error', data: { data } })
    expect(await first(visitor(api.url))).toMatchObject(refused({ code: 'UNAUTHORIZED' }))
    expect(await first(owner)).toMatchObject(refused({ reason: 'NOT_STAFF' }))
    expect(await first(lucia, 'lisboa')).toMatchObject(refused({ reason: 'NOT_A_MEMBER' }))
    expect(await first(lucia, 'nowhere')).toMatchObject(refused({ reason: 'CLINIC_NOT_FOUND' }))
  })

  it('reports a change of the listener’s role', async () => {
    const changed = await api.staff('Changed', 'adris', 'admin')
    const live = await connect(changed)
    await live.next()
    await api.admin.query(`update profiles set role = 'vet' where id = $1`, [changed.id])
    expect(eventOf(await live.next())).toEqual({ kind: 'membership' })
    const { date } = await book()
    expect(eventOf(await live.next())).toMatchObject({ kind: 'changed', dates: [date] })
  })

  it('ends soon after the listener was demoted or has signed out', async () => {
    const demoted = await api.staff('Demoted', 'adris')
    const gone = await api.staff('Gone', 'adris')
    const [first, second] = [await connect(demoted), await connect(gone)]
    await Promise.all([first.next(), second.next()])
    const begun = performance.now()
    await api.admin.query(`update profiles set role = 'owner' where id = $1`, [demoted.id])
    await gone.signOut()
    expect(await first.next()).toMatchObject({
      event: 'serialized-error',
      data: { data: { code: 'FORBIDDEN', reason: 'NOT_STAFF' } },
    })
    expect(await second.next()).toMatchObject({
      event: 'serialized-error',
      data: { data: { code: 'UNAUTHORIZED' } },
    })
    expect(performance.now() - begun).toBeLessThan(2_500)
    expect(await first.next()).toBeUndefined()
  })
})
