import { migrationFolders } from '@vetcita/postgres'
import { expect, it } from 'vitest'
import { checkReadiness, expectedSchemaVersion } from '../src/index.ts'
import { apiDatabase } from './support/api-database.ts'

const { db, admin, connect } = await apiDatabase()

it.each([
  ['2026-07-01T12:00:00Z', 'America/Asuncion', '2026-07-01T09:00:00-03:00'],
  ['2026-01-01T02:30:00Z', 'America/Asuncion', '2025-12-31T23:30:00-03:00'],
  ['2026-07-01T12:00:00Z', 'Asia/Kathmandu', '2026-07-01T17:45:00+05:45'],
  ['2026-07-01T12:00:00Z', 'America/St_Johns', '2026-07-01T09:30:00-02:30'],
  ['2026-07-01T12:00:00.25Z', 'UTC', '2026-07-01T12:00:00.250000+00:00'],
  // Lisbon's clocks go back at 01:00 UTC, so one local time has two instants
  ['2026-10-25T00:30:00Z', 'Europe/Lisbon', '2026-10-25T01:30:00+01:00'],
  ['2026-10-25T01:30:00Z', 'Europe/Lisbon', '2026-10-25T01:30:00+00:00'],
])('%s in %s is %s', async (instant, zone, expected) => {
  const [row] = await db.$queryRaw<{ moment: string }[]>`
    select clinic_moment(${instant}::timestamptz, ${zone}) as moment`
  expect(row).toEqual({ moment: expected })
  expect(Date.parse(expected)).toBe(Date.parse(instant))
})

it('uses UTC even if the server’s default is another time zone', async () => {
  await admin.query(`alter role vetcita_api in database ${admin.database} set timezone = 'Asia/Kathmandu'`)
  const fresh = connect()
  const [zone] = await fresh.$queryRaw<{ zone: string }[]>`
    select setting as zone, reset_val from pg_settings where name = 'TimeZone'`
  expect(zone).toEqual({ zone: 'UTC', reset_val: 'Asia/Kathmandu' })
  const token = 'zone'
  const expiresAt = new Date('2026-07-01T12:00:00Z')
  const user = await fresh.user.create({ data: { name: 'Zone', email: 'zone@example.com' } })
  const session = await fresh.session.create({ data: { token, userId: user.id, expiresAt } })
  expect(session.expiresAt).toEqual(expiresAt)
  const { rows } = await admin.query<{ at: string }>(
    `select to_char(expires_at at time zone 'UTC', 'HH24:MI') as at from login.session where token = $1`,
    [token],
  )
  expect(rows).toEqual([{ at: '12:00' }])
})

it('requires the schema version of the newest migration', async () => {
  const [newest] = (await migrationFolders()).slice(-1)
  expect(newest?.slice(0, 3)).toBe(expectedSchemaVersion)
  expect(await checkReadiness(db)).toEqual({ ready: true, schemaVersion: expectedSchemaVersion })
})
