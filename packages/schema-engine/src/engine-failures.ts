import type { ErrorRegistry } from '@prisma/driver-adapter-utils'
import { SchemaEngineError } from './failures.ts'
import { textAt } from './json.ts'
import type { ScriptError } from './script.ts'

/**
 * Converts what the engine threw into a sentence with a code, if any: without the engine's trace, and with the adapter's
 * error instead of the number by which the engine refers to it.
 *
 * @param adapterErrors the adapter's own errors, by that number
 */
export function engineFailure(error: unknown, adapterErrors: ErrorRegistry): SchemaEngineError {
  if (error instanceof SchemaEngineError) return error
  const message = withoutTrace(error instanceof Error ? error.message : String(error))
  const id = /External error id#(\d+)/.exec(message)?.[1]
  const cause = id === undefined ? undefined : adapterErrors.consumeError(Number(id))?.error
  if (cause instanceof SchemaEngineError) return cause
  if (cause instanceof Error) return new SchemaEngineError(undefined, withSqlState(cause))
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return new SchemaEngineError(code, message)
}

/**
 * Reports a failed migration with the text of Prisma's P3018. The WebAssembly engine has recorded the failure, but passes
 * on only the adapter's message.
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

/** Adds the server's code in the words of Prisma's P3018: its message may be in any language. */
function withSqlState(error: Error): string {
  const code = textAt(error.cause, 'originalCode')
  return code === undefined ? error.message : `${error.message}\n\nDatabase error code: ${code}`
}

/** Removes the engine's trace: `   0: schema_engine::…` and the lines after it. */
function withoutTrace(message: string): string {
  return message.replace(/\n\s+0: \w+::[\s\S]*$/, '')
}
