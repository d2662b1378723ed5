import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import pg from 'pg'
import { serverMessage } from './server-message.ts'

/** Receives the server's notices and failures of the scripts in one database. */
export type ScriptListener = {
  /** A notice or warning, see {@link serverMessage}. */
  notice: (text: string) => void
  failure: (error: ScriptError) => void
}

/**
 * Runs a script as one message of the simple query protocol, as `psql -c` does: the server splits it into statements (so
 * `$$` bodies survive), and statements outside of an explicit `begin … commit` are one transaction. Afterwards the
 * connection is never inside a transaction, so that the engine can record the outcome.
 *
 * @throws ScriptError with the server's message, its hint, and the line of the error
 */
export async function runScript(pool: pg.Pool, script: string, scripts: ScriptListener): Promise<void> {
  const client = await pool.connect()
  const listener = (notice: Parameters<typeof serverMessage>[0]) => scripts.notice(serverMessage(notice))
  let lost: Error | undefined
  const onLost = (error: Error) => {
    lost = error
  }
  client.on('notice', listener).on('error', onLost)
  try {
    await client.query(script)
    if (client.getTransactionStatus() !== 'I') throw new UnfinishedTransaction()
  } catch (error) {
    client.removeListener('notice', listener)
    // The client does not know yet whether it is in a transaction; outside of one, the rollback is a warning that no
    // listener receives. A lost connection needs none.
    await client.query('rollback').catch(onLost)
    const failure = scriptError(error, script)
    scripts.failure(failure)
    throw failure
  } finally {
    client.removeListener('notice', listener).removeListener('error', onLost)
    client.release(lost)
  }
}

/** A failed script. What it did in its last transaction is rolled back. */
export class ScriptError extends DriverAdapterError {
  /** The server's SQLSTATE; undefined if the connection was lost. */
  readonly sqlState: string | undefined

  constructor(message: string, sqlState: string | undefined) {
    // with a code, the engine would replace the server's message with a shorter one
    super({
      kind: 'postgres',
      code: 'N/A',
      severity: 'ERROR',
      message,
      detail: undefined,
      column: undefined,
      hint: undefined,
    })
    this.sqlState = sqlState
  }
}

class UnfinishedTransaction extends Error {
  override message = 'The script ends inside a transaction, which was rolled back: a "commit;" is missing.'
}

function scriptError(error: unknown, script: string): ScriptError {
  if (!(error instanceof pg.DatabaseError)) {
    return new ScriptError(error instanceof Error ? error.message : String(error), undefined)
  }
  const { code, message, detail, hint, where, position } = error
  const line = position === undefined ? undefined : lineOf(script, Number(position))
  return new ScriptError(serverMessage({ message, detail, hint, where }, line), code)
}

/** Returns the line, from 1, of the character at `position`, counted from 1 as the server counts. */
function lineOf(script: string, position: number): number {
  return [...script].slice(0, position - 1).filter((character) => character === '\n').length + 1
}
