import type { ErrorRegistry } from '@prisma/driver-adapter-utils'
import { SchemaEngineError } from './failures.ts'
import type { ScriptError } from './script.ts'

/**
 * What the engine threw, as a sentence with a code where there is one. Without the engine's own trace, and with the
 * adapter's error in the place of the number that the engine knows it by.
 *
 * @param adapterErrors errors of the adapter that aren't the database's, by that number
 */
export function engineFailure(error: unknown, adapterErrors: ErrorRegistry): SchemaEngineError {
  if (error instanceof SchemaEngineError) return error
  const message = withoutTrace(error instanceof Error ? error.message : String(error))
  const id = /External error id#(\d+)/.exec(message)?.[1]
  const cause = id === undefined ? undefined : adapterErrors.consumeError(Number(id))?.error
  if (cause instanceof SchemaEngineError) return cause
  if (cause instanceof Error) return new SchemaEngineError(undefined, cause.message)
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return new SchemaEngineError(code, message)
}

/**
 * A migration that failed, in the words of Prisma's P3018. The WebAssembly engine has recorded it by now, but says of it
 * only what the adapter told.
 */
export function migrationFailure(migration: string, { message, sqlState }: ScriptError): SchemaEngineError {
  return new SchemaEngineError(
    'P3018',
    `A migration failed to apply. New migrations cannot be applied before the error is recovered from. Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve

Migration name: ${migration}

Database error code: ${sqlState ?? 'none'}

Database error:
ERROR: ${message}`,
  )
}

/** The engine appends where in its own source it was: `   0: schema_engine::…` and the lines after. */
function withoutTrace(message: string): string {
  return message.replace(/\n\s+0: \w+::[\s\S]*$/, '')
}
