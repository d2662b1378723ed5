import { asSuperuser } from './as-superuser.ts'

/** Settings that a server, a database or a role may have, each against what a program expects. */
const settings = [
  `DateStyle = 'German, DMY'`,
  `TimeZone = 'Asia/Tokyo'`,
  'search_path = vetcita_owner, pg_catalog',
  'standard_conforming_strings = off',
  'bytea_output = escape',
  `IntervalStyle = 'sql_standard'`,
  `statement_timeout = '2s'`,
  `lock_timeout = '1ms'`,
  `idle_session_timeout = '1s'`,
  `client_encoding = 'LATIN1'`,
  'extra_float_digits = -5',
  `default_transaction_isolation = 'serializable'`,
]

/** Gives the tables' owner such settings in one database, and a schema that is named like them. */
export async function setHostileSettings(adminUrl: string, database: string): Promise<void> {
  await asSuperuser(
    adminUrl,
    [
      'create schema vetcita_owner authorization vetcita_owner',
      ...settings.map((setting) => `alter role vetcita_owner in database ${database} set ${setting}`),
    ].join('; '),
  )
}
