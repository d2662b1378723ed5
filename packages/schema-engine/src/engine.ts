import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine, version } from '@prisma/schema-engine-wasm'
import { createAdapters } from './adapter.ts'
import { engineFailure, migrationFailure } from './engine-failures.ts'
import type { Invocation } from './invocation.ts'
import { at, textAt } from './json.ts'
import type { ScriptError, ScriptListener } from './script.ts'

/** Prisma's schema engine, as the CLI calls it. */
export type Engine = {
  /**
   * Calls a method with the CLI's parameters and returns its result for the CLI.
   *
   * @throws SchemaEngineError
   */
  call: (method: string, params: unknown) => Promise<unknown>
  /** Closes the connections and drops a remaining shadow database. */
  close: () => Promise<void>
}

/** The engine's names of methods that the CLI calls by another name. */
const RENAMED: Record<string, string> = { getDatabaseVersion: 'version' }

/** Returns the version of Prisma's engine, a commit hash. */
export function engineVersion(): string {
  return version()
}

/**
 * Prepares Prisma's schema engine (its WebAssembly build), which starts with the first call, since that may contain the
 * schema. While it applies migrations it prints their names and notices.
 *
 * @param print shows a text to the user
 */
export function createEngine(
  { url, shadowUrl, schemaFiles }: Invocation,
  print: (text: string) => void,
): Engine {
  let running: SchemaEngine | undefined
  let current = { method: '', migration: '', scriptError: undefined as ScriptError | undefined }
  const scripts: ScriptListener = {
    notice: (text) => {
      if (current.method === 'applyMigrations') print(text)
    },
    failure: (error) => {
      current.scriptError = error
    },
  }
  const adapters = createAdapters({ main: url, shadow: shadowUrl }, scripts)
  const factory = bindMigrationAwareSqlAdapterFactory(adapters.factory)
  const onLog = (line: unknown) => {
    const migration = current.method === 'applyMigrations' ? startedMigration(line) : undefined
    if (migration === undefined) return
    current.migration = migration
    print(`Applying migration \`${migration}\``)
  }

  const call = async (method: string, params: unknown) => {
    current = { method, migration: '', scriptError: undefined }
    try {
      running ??= await SchemaEngine.new({ datamodels: await schemas(schemaFiles, params) }, onLog, factory)
      // For `evaluateDataLoss` the engine opens no shadow database but reuses the result of `devDiagnostic`, which lacks
      // the migrations that were applied since; so that is run again.
      if (method === 'evaluateDataLoss') await invoke(running, 'devDiagnostic', params)
      const result = await invoke(running, method, withLineFeeds(params))
      // the native engine prints a diff itself, and the CLI relies on it
      const diff = method === 'diff' ? textAt(result, 'stdout') : undefined
      if (diff !== undefined) print(diff)
      return result
    } catch (error) {
      const { migration, scriptError } = current
      if (method === 'applyMigrations' && scriptError) throw migrationFailure(migration, scriptError)
      throw engineFailure(error, factory.errorRegistry)
    }
  }
  return { call, close: adapters.close }
}

/** A checkout may have written each line end of a migration as CR LF; its checksum and its functions are to be the same. */
function withLineFeeds(params: unknown): unknown {
  if (at(params, 'migrationsList') === undefined) return params
  return JSON.parse(JSON.stringify(params), (key, value) =>
    key === 'value' && typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value,
  )
}

/** Calls a method of the engine, which throws some errors outside of its own promise. */
async function invoke(engine: SchemaEngine, name: string, params: unknown): Promise<unknown> {
  const method: unknown = Reflect.get(engine, RENAMED[name] ?? name)
  if (typeof method !== 'function') throw new Error(`The schema engine has no method ${name}`)
  const { promise: thrown, reject } = Promise.withResolvers<never>()
  process.once('uncaughtException', reject)
  try {
    return await Promise.race([Reflect.apply(method, engine, [params]), thrown])
  } catch (error) {
    throw panic === undefined ? error : new Error(`The schema engine panicked: ${panic}`)
  } finally {
    process.removeListener('uncaughtException', reject)
  }
}

let panic: string | undefined

/** The engine stores the message of a panic here. */
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: {
    set_message: (message: string) => {
      panic = message
    },
  },
})

/** Returns the migration that a line of the engine's log, JSON, says it begins to apply; undefined for other lines. */
function startedMigration(line: unknown): string | undefined {
  const log: unknown = typeof line === 'string' ? JSON.parse(line) : undefined
  const begins = textAt(log, 'fields', 'message')?.startsWith('Applying')
  return begins ? textAt(log, 'span', 'migration_name') : undefined
}

/** Returns the schema files by path and content. `diff` passes them as parameters, not on the command line. */
async function schemas(paths: readonly string[], params: unknown): Promise<[string, string][] | undefined> {
  const known = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  )
  if (known.length > 0) return known
  const carried = [at(params, 'from', 'files'), at(params, 'to', 'files')]
    .flatMap((files): unknown[] => (Array.isArray(files) ? files : []))
    .map((file): [string, string] => [textAt(file, 'path') ?? '', textAt(file, 'content') ?? ''])
  // the engine panics on an empty list, not on undefined
  return carried.length > 0 ? carried : undefined
}
