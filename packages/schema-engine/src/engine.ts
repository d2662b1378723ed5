import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine, version } from '@prisma/schema-engine-wasm'
import { createAdapters } from './adapter.ts'
import { engineFailure, migrationFailure } from './engine-failures.ts'
import type { Invocation } from './invocation.ts'
import { at, textAt } from './json.ts'
import type { ScriptError, ScriptListener } from './script.ts'

/** Prisma's schema engine, as the CLI sees it. */
export type Engine = {
  /**
   * One call: the method's name, its parameters as they came, and its result as it goes back.
   *
   * @throws SchemaEngineError
   */
  call: (method: string, params: unknown) => Promise<unknown>
  /** Closes the connections, and drops a shadow database that is still there. */
  close: () => Promise<void>
}

/** The CLI's name for a method, where it differs from the engine's. */
const RENAMED: Record<string, string> = { getDatabaseVersion: 'version' }

/** The version of Prisma's engine, a commit's hash. */
export function engineVersion(): string {
  return version()
}

/**
 * Prepares Prisma's schema engine (its WebAssembly build). It starts with the first call, which may tell what schema
 * it concerns. While it applies migrations it prints each one's name and the notices that it raises.
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
      // Here the engine opens no shadow database, but remembers what the migrations made in the one that it opened for
      // `devDiagnostic`. Migrations that were applied since are missing from that, so it is asked again.
      if (method === 'evaluateDataLoss') await invoke(running, 'devDiagnostic', params)
      const result = await invoke(running, method, params)
      // The native engine prints a diff itself, and the CLI counts on it.
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

/** Calls a method of the engine, which throws what it can't make sense of past its own promise. */
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

/** Where the engine leaves its last words. */
Object.assign(globalThis, {
  PRISMA_WASM_PANIC_REGISTRY: {
    set_message: (message: string) => {
      panic = message
    },
  },
})

/** Of a line that the engine logs, as JSON: the migration that it begins with, if it says so. */
function startedMigration(line: unknown): string | undefined {
  const log: unknown = typeof line === 'string' ? JSON.parse(line) : undefined
  const begins = textAt(log, 'fields', 'message')?.startsWith('Applying')
  return begins ? textAt(log, 'span', 'migration_name') : undefined
}

/** The schema files by path and content. `diff` names none on the command line but carries them in its parameters. */
async function schemas(paths: readonly string[], params: unknown): Promise<[string, string][] | undefined> {
  const known = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  )
  if (known.length > 0) return known
  const carried = [at(params, 'from', 'files'), at(params, 'to', 'files')]
    .flatMap((files): unknown[] => (Array.isArray(files) ? files : []))
    .map((file): [string, string] => [textAt(file, 'path') ?? '', textAt(file, 'content') ?? ''])
  // The engine stops at an empty list, not at none.
  return carried.length > 0 ? carried : undefined
}
