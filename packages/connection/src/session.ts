/**
 * The settings that our sessions never inherit from a role, a database or a server. They decide how values are written and read
 * (dates, intervals, bytes, strings), which schema a name means, and when the server ends a statement or a session;
 * a migration takes as long as it takes. `lc_messages` is left out, because only a superuser may set it: nothing here reads
 * a server's sentences, only SQLSTATEs.
 */
const settings: Readonly<Record<string, string>> = {
  search_path: 'public',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  extra_float_digits: '1',
  default_transaction_isolation: 'read committed',
  check_function_bodies: 'on',
  client_min_messages: 'notice',
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
}

/**
 * Statements for the beginning of a session, on one line, in an order in which none depends on what a later one sets.
 *
 * @param more further settings, such as a `lock_timeout`
 */
export function pinnedSession(more: Readonly<Record<string, string>> = {}): string {
  const all = Object.entries({ ...settings, ...more })
  return [
    ...all.map(([name, value]) => `set ${name} to '${value}';`),
    // from PostgreSQL 17 on
    `select pg_catalog.set_config(name, '0', false) from pg_catalog.pg_settings where name = 'transaction_timeout';`,
  ].join(' ')
}
