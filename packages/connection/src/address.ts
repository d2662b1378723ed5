import { existsSync, readFileSync } from 'node:fs'
import os from 'node:os'
import process from 'node:process'
import type { ClientConfig } from 'pg'

/** Thrown for an address that is not supported. Its message is one sentence, and never contains the password. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** Every part that both node-postgres and libpq would otherwise take from the environment, each from its own variables. */
export type AddressConfig = ClientConfig & {
  host: string
  port: number
  user: string
  database: string
  ssl: NonNullable<ClientConfig['ssl']>
}

/** A database's address, for each kind of program that connects to it. */
export type Address = {
  /** for node-postgres, which gets the parts and never a `connectionString`, because it parses that differently */
  config: AddressConfig
  /** for psql and pg_dump: libpq's variables, because every user of the machine could read a command line */
  libpq: Readonly<Record<string, string>>
  /** The same address as a URL that every parser of URLs can read; Prisma's command line has one of its own. */
  url: string
}

const example = 'as in postgresql://vetcita_owner:secret@127.0.0.1:5432/vetcita'

/** Host and database may be empty; the parts are checked one by one, for a better message than "it is not a URL". */
const shape =
  /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?<hosts>[^/?#@]*)(?:\/(?<database>[^?#]*))?(?:\?(?<query>[^#]*))?$/

/**
 * Reads a PostgreSQL URL as psql does. What is not named comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLMODE and
 * PGSSLROOTCERT. Parameters of Prisma's client (`connection_limit`, `pgbouncer` …) are passed over. What one of
 * the programs could not honour is refused, so that no two of them understand an address differently.
 *
 * @throws AddressRefused
 */
export function readAddress(text: string, env: NodeJS.ProcessEnv = process.env): Address {
  const parts = shape.exec(text)?.groups
  if (!/^postgres(ql)?:\/\//.test(text))
    throw new AddressRefused(`The address must start with postgresql:// or postgres://, ${example}.`)
  if (parts === undefined)
    throw new AddressRefused(
      `The address cannot be read: special characters in the user's name and password must be percent-encoded, ${example}.`,
    )
  const given = parametersOf(parts.query ?? '')
  refuse(given)
  const named = hostOf(parts.hosts ?? '')
  const host = given.host || decoded(named.host, 'host') || env.PGHOST || 'localhost'
  if (host.includes(','))
    throw new AddressRefused(
      'The address names several hosts: name one, such as the proxy that leads to the primary server.',
    )
  const port = portOf(given.port || named.port || env.PGPORT || '5432')
  const user = given.user || decoded(parts.user, 'user') || env.PGUSER || os.userInfo().username
  const password = given.password || decoded(parts.password, 'password') || env.PGPASSWORD
  const database = given.dbname || decoded(parts.database, 'database') || env.PGDATABASE || user
  const tls = tlsOf(given, host, env)
  const seconds = secondsOf(given.connect_timeout)
  const config: AddressConfig = {
    host,
    port,
    user,
    database,
    ssl: tls.ssl,
    ...(password === undefined ? {} : { password }),
    ...(seconds === undefined ? {} : { connectionTimeoutMillis: seconds * 1000 }),
    ...(given.options === undefined ? {} : { options: given.options }),
    ...(given.application_name === undefined ? {} : { application_name: given.application_name }),
    ...(given.channel_binding === undefined
      ? {}
      : { enableChannelBinding: given.channel_binding !== 'disable' }),
  }
  const libpq = {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    ...(password === undefined ? {} : { PGPASSWORD: password }),
    ...tls.libpq,
    ...(seconds === undefined ? {} : { PGCONNECT_TIMEOUT: String(seconds) }),
    ...(given.options === undefined ? {} : { PGOPTIONS: given.options }),
    ...(given.channel_binding === undefined ? {} : { PGCHANNELBINDING: given.channel_binding }),
  }
  return { config, libpq, url: urlOf(config, given) }
}

type Parameters = Readonly<Record<string, string>>

/** Unlike a browser, libpq does not decode a plus as a space. */
function parametersOf(query: string): Parameters {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/=(.*)/s)
      return [decoded(name, 'parameter') ?? '', decoded(value, `parameter ${name}`) ?? '']
    }),
  )
}

/** Parameters that only one of psql and node-postgres supports. */
const unsupported = new Set([
  'service',
  'hostaddr',
  'passfile',
  'replication',
  'load_balance_hosts',
  'require_auth',
  'requirepeer',
  'gssencmode',
  'krbsrvname',
  'gsslib',
  'sslnegotiation',
  'sslcertmode',
  'sslcrl',
  'sslcrldir',
  'sslpassword',
  'sslsni',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
])

function refuse(given: Parameters): void {
  const found = Object.keys(given).find((name) => unsupported.has(name))
  if (found !== undefined)
    throw new AddressRefused(`The address has ${found}, which not all programs here support: remove it.`)
  if (given.schema !== undefined && given.schema !== 'public')
    throw new AddressRefused(
      `The address has schema=${given.schema}, but the tables are in the schema public: remove it.`,
    )
  if (given.target_session_attrs !== undefined && given.target_session_attrs !== 'any')
    throw new AddressRefused(
      'The address has target_session_attrs, which chooses among several hosts: name the primary server, or a proxy that leads to it.',
    )
  if (given.client_encoding !== undefined && !/^(utf-?8|unicode|auto)$/i.test(given.client_encoding))
    throw new AddressRefused(
      `The address has client_encoding=${given.client_encoding}, but all programs here use UTF-8: remove it.`,
    )
  if (
    given.channel_binding !== undefined &&
    !['disable', 'prefer', 'require'].includes(given.channel_binding)
  )
    throw new AddressRefused('The address has a channel_binding that is not disable, prefer or require.')
}

function hostOf(hosts: string): { host: string; port: string } {
  if (hosts.includes(',')) return { host: hosts, port: '' }
  const found = /^(?:\[(?<ipv6>[^\]]+)\]|(?<name>[^:[\]]*))(?::(?<port>[^:]*))?$/.exec(hosts)?.groups
  if (found === undefined)
    throw new AddressRefused(
      'The host of the address cannot be read: an IPv6 address must be in brackets, as in [::1].',
    )
  return { host: found.ipv6 ?? found.name ?? '', port: found.port ?? '' }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw new AddressRefused('The port of the address must be a number from 1 to 65535.')
  return port
}

function secondsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text))
    throw new AddressRefused('The address has a connect_timeout that is not a number of seconds.')
  return Number(text)
}

function decoded(text: string | undefined, part: string): string | undefined {
  if (text === undefined) return undefined
  try {
    const plain = decodeURIComponent(text)
    if (!plain.includes('\0')) return plain
  } catch {
    // a literal percent sign, or bytes that are not UTF-8
  }
  throw new AddressRefused(
    `The ${part} of the address has a percent sign that encodes nothing: write %25 for a percent sign.`,
  )
}

type Tls = { ssl: AddressConfig['ssl']; libpq: Record<string, string> }

/**
 * `sslmode` as psql means it. `allow` and `prefer` would let an attacker on the network disable encryption; node-postgres does
 * not support them. Without one there is no encryption, as node-postgres has it.
 */
function tlsOf(given: Parameters, host: string, env: NodeJS.ProcessEnv): Tls {
  const mode = given.sslmode ?? modeOfSsl(given.ssl) ?? modeOfEnvironment(env) ?? impliedMode(given)
  // Through a socket no encryption is needed, and psql asks for none.
  if (host.startsWith('/')) return { ssl: false, libpq: { PGSSLMODE: 'disable' } }
  if (mode === 'allow' || mode === 'prefer')
    throw new AddressRefused(
      `The address has sslmode=${mode}, which lets an attacker disable encryption: choose disable, require, verify-ca or verify-full.`,
    )
  if (!['disable', 'require', 'verify-ca', 'verify-full'].includes(mode))
    throw new AddressRefused(
      `The address has sslmode=${mode}: choose disable, require, verify-ca or verify-full.`,
    )
  if (mode === 'disable') return { ssl: false, libpq: { PGSSLMODE: 'disable' } }
  const root = given.sslrootcert ?? env.PGSSLROOTCERT ?? (mode === 'verify-full' ? 'system' : undefined)
  if (root === 'system' && mode !== 'verify-full')
    throw new AddressRefused(
      `The address has sslrootcert=system, which goes with sslmode=verify-full, not with ${mode}.`,
    )
  if (root === undefined && mode === 'verify-ca')
    throw new AddressRefused(
      'The address has sslmode=verify-ca, which needs an sslrootcert, a file with the authority’s certificate.',
    )
  const strict = given.sslaccept === 'strict'
  const rootFile = root === 'system' ? systemCertificates(env) : root
  const checks = rootFile !== undefined || strict || root === 'system'
  const [cert, key] = [given.sslcert, given.sslkey]
  return {
    ssl: {
      ...(checks ? {} : { rejectUnauthorized: false }),
      ...(rootFile === undefined ? {} : { ca: fileOf('sslrootcert', rootFile) }),
      ...(cert === undefined ? {} : { cert: fileOf('sslcert', cert) }),
      ...(key === undefined ? {} : { key: fileOf('sslkey', key) }),
      // As psql does: with a certificate of the authority but without verify-full, any server of that authority.
      ...(checks && mode !== 'verify-full' && !strict ? { checkServerIdentity: () => undefined } : {}),
    },
    libpq: {
      PGSSLMODE: strict ? 'verify-full' : mode,
      ...(rootFile === undefined ? {} : { PGSSLROOTCERT: rootFile }),
      ...(cert === undefined ? {} : { PGSSLCERT: cert }),
      ...(key === undefined ? {} : { PGSSLKEY: key }),
    },
  }
}

function modeOfSsl(ssl: string | undefined): string | undefined {
  if (ssl === undefined) return undefined
  if (['true', '1'].includes(ssl)) return 'require'
  if (['false', '0'].includes(ssl)) return 'disable'
  throw new AddressRefused(
    `The address has ssl=${ssl}: choose an sslmode, disable, require, verify-ca or verify-full.`,
  )
}

/** `prefer`, libpq's own default, says nothing. */
function modeOfEnvironment({ PGSSLMODE: mode }: NodeJS.ProcessEnv): string | undefined {
  return mode === undefined || ['', 'allow', 'prefer'].includes(mode) ? undefined : mode
}

function impliedMode({ sslrootcert, sslcert, sslkey }: Parameters): string {
  if (sslrootcert !== undefined) return 'verify-full'
  return (sslcert ?? sslkey) === undefined ? 'disable' : 'require'
}

const certificateFiles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]

/** psql knows the word `system` from version 16 on only; the file of the system's authorities suits all. */
function systemCertificates({ SSL_CERT_FILE: named }: NodeJS.ProcessEnv): string | undefined {
  return named || certificateFiles.find((file) => existsSync(file))
}

function fileOf(parameter: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : error
    throw new AddressRefused(
      `The address has ${parameter}=${file}, and that file cannot be read (${reason}).`,
    )
  }
}

function urlOf({ host, port, user, password, database }: AddressConfig, given: Parameters): string {
  const socket = host.startsWith('/')
  const kept = [
    'sslmode',
    'ssl',
    'sslrootcert',
    'sslcert',
    'sslkey',
    'sslaccept',
    'connect_timeout',
    'options',
    'application_name',
    'channel_binding',
  ]
  const query = [
    ...(socket ? [['host', host]] : []),
    ...kept.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  ].map((pair) => pair.map((part) => encodeURIComponent(part ?? '')).join('='))
  const login = [user, ...(typeof password === 'string' ? [password] : [])].map(encodeURIComponent).join(':')
  const authority = socket ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `postgresql://${login}@${authority}:${port}/${encodeURIComponent(database)}${query.length === 0 ? '' : `?${query.join('&')}`}`
}
