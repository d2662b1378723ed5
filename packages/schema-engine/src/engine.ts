import { readFile } from 'node:fs/promises'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import { SchemaEngine, version } from '@prisma/schema-engine-wasm'
import { z } from 'zod'
import { adapterFactory } from './adapter.ts'
import { readUrl } from './connection.ts'
import { engineFailure, migrationFailure } from './engine-failures.ts'
import type { Invocation } from './invocation.ts'
import type { ScriptError, ScriptListener } from './script.ts'

/** One call of the CLI: the method's name, its parameters as they came, and its result as it goes back. */
export type Call = (method: string, params: unknown) => Promise<unknown>

/** The CLI's name for a method, where it differs from the engine's. */
const RENAMED: Record<string, string> = { getDatabaseVersion: 'version' }

/** The version of Prisma's engine, a commit's hash. */
export function engineVersion(): string {
  return version()
}

/**
 * Prepares Prisma's schema engine (its WebAssembly build). It starts with the first call, which may tell what schema
 * it concerns, and connects when it first needs a database. While it applies migrations it prints each one's name and
 * the notices that it raises.
 *
 * @param print shows a text to the user
 * @returns how to call it; a call that fails throws SchemaEngineError
 */
export function createEngine(
  { url, shadowUrl, schemaFiles }: Invocation,
  print: (text: string) => void,
): Call {
  let running: SchemaEngine | undefined
  let method = ''
  let migration = ''
  const databases = {
    main: url === undefined ? undefined : readUrl(url),
    shadow: shadowUrl === undefined ? undefined : readUrl(shadowUrl),
  }
  let scriptError: ScriptError | undefined
  const scripts: ScriptListener = {
    notice: (text) => {
      if (method === 'applyMigrations' || method === 'dbExecute') print(text)
    },
    failure: (error) => {
      scriptError = error
    },
  }
  const onLog = (line: unknown) => {
    const started = migrationStarted.safeParse(line)
    if (!started.success || method !== 'applyMigrations') return
    migration = started.data.span.migration_name
    print(`Applying migration \`${migration}\``)
  }
  const factory = bindMigrationAwareSqlAdapterFactory(adapterFactory(databases, scripts))

  return async (name, params) => {
    method = name
    scriptError = undefined
    try {
      running ??= await SchemaEngine.new({ datamodels: await schemas(schemaFiles, params) }, onLog, factory)
      const result = await invoke(running, name, params)
      // The native engine prints a diff itself, and the CLI counts on it.
      const diff = name === 'diff' ? printable.safeParse(result).data : undefined
      if (diff) print(diff.stdout)
      return result
    } catch (error) {
      if (name === 'applyMigrations' && scriptError) throw migrationFailure(migration, scriptError)
      throw engineFailure(error, factory.errorRegistry)
    }
  }
}

async function invoke(engine: SchemaEngine, name: string, params: unknown): Promise<unknown> {
  const method: unknown = Reflect.get(engine, RENAMED[name] ?? name)
  if (typeof method !== 'function') throw new Error(`The schema engine has no method ${name}`)
  return await Reflect.apply(method, engine, [params])
}

const printable = z.object({ stdout: z.string() })

/** What the engine logs, as a line of JSON, when it begins with a migration. */
const migrationStarted = z
  .string()
  .transform((line): unknown => JSON.parse(line))
  .pipe(
    z.object({
      fields: z.object({ message: z.string().startsWith('Applying') }),
      span: z.object({ migration_name: z.string() }),
    }),
  )

const schemaTarget = z.object({ files: z.array(z.object({ path: z.string(), content: z.string() })) })

/** The schema files by path and content. `diff` names none on the command line but carries them in its parameters. */
async function schemas(paths: string[], params: unknown): Promise<[string, string][] | undefined> {
  const known = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  )
  if (known.length > 0) return known
  const targets = z.object({ from: z.unknown(), to: z.unknown() }).safeParse(params).data
  const carried = [targets?.from, targets?.to].flatMap((target) =>
    (schemaTarget.safeParse(target).data?.files ?? []).map(({ path, content }): [string, string] => [
      path,
      content,
    ]),
  )
  // The engine stops at an empty list, not at none.
  return carried.length > 0 ? carried : undefined
}
