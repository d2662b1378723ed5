import type pg from 'pg'

/** A failure for the user: a sentence, and the code that Prisma documents for it, if any. */
export class SchemaEngineError extends Error {
  readonly code: string | undefined

  constructor(code: string | undefined, message: string) {
    super(message)
    this.name = 'SchemaEngineError'
    this.code = code
  }
}

/**
 * Explains why a connection failed, with the texts and codes of Prisma's error reference (P1xxx), never with the password.
 *
 * @param error the error of pg or the socket
 * @param config the connection's parameters
 */
export function connectionFailure(error: unknown, config: pg.ClientConfig): SchemaEngineError {
  const { code, message } = facts(error)
  const address = addressOf(config)
  const user = config.user ?? 'the default user'
  switch (code) {
    case '28P01':
      return new SchemaEngineError(
        'P1000',
        `Authentication failed against the database server at \`${address}\`: the credentials for \`${user}\` are not valid.`,
      )
    case '28000':
    case '42501':
      return new SchemaEngineError(
        'P1010',
        `\`${user}\` was denied access at \`${address}\`: ${message}.${config.ssl === false ? ' If it asks for encryption, add sslmode=require or verify-full to the address.' : ''}`,
      )
    case '08P01':
      return new SchemaEngineError(
        'P1001',
        `\`${address}\` does not take this connection (${message}): it seems to be a pooler. Set DIRECT_URL to the address of the server itself.`,
      )
    case '3D000':
      return new SchemaEngineError(
        'P1003',
        `Database \`${config.database ?? ''}\` does not exist on the database server at \`${address}\`.`,
      )
    case '53300':
      return new SchemaEngineError('P2037', `Too many connections at \`${address}\`: ${message}.`)
  }
  if (/password must be a (non-empty )?string/.test(message)) {
    return new SchemaEngineError(
      'P1000',
      `Authentication failed against the database server at \`${address}\`: it requires a password for \`${user}\`, and none was given.`,
    )
  }
  if (isTlsFailure(code, message)) {
    return new SchemaEngineError('P1011', `Error opening a TLS connection to \`${address}\`: ${message}.`)
  }
  return new SchemaEngineError(
    'P1001',
    `Can't reach database server at \`${address}\` (${code ?? message}). Please make sure your database server is running there.`,
  )
}

/** Returns `host:port`, or the path of a Unix socket. */
function addressOf({ host = 'localhost', port = 5432 }: pg.ClientConfig): string {
  return host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : `${host}:${port}`
}

function isTlsFailure(code: string | undefined, message: string): boolean {
  return (
    /SSL|TLS|certificate/i.test(message) ||
    (code !== undefined && /^(ERR_(SSL|TLS)|CERT_|UNABLE_TO_)/.test(code))
  )
}

function facts(error: unknown): { code: string | undefined; message: string } {
  if (!(error instanceof Error)) return { code: undefined, message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { code, message: error.message }
}
