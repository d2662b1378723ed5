import { parseArgs } from 'node:util'
import { textAt } from './json.ts'

const DATABASE_COMMANDS = ['can-connect-to-database', 'create-database', 'drop-database'] as const

/** A sub-command of `cli`. */
export type DatabaseCommand = (typeof DATABASE_COMMANDS)[number]

/** What Prisma's CLI asks of the engine by its command line. */
export type Invocation = {
  /** Connection URL of the database, absent for commands that need none. */
  url: string | undefined
  /** Connection URL of a shadow database that the user keeps for the purpose; made and dropped when absent. */
  shadowUrl: string | undefined
  /** Paths of the Prisma schema files. */
  schemaFiles: readonly string[]
  /** `serve` answers JSON-RPC on stdio; the others do one thing and exit. */
  command: 'serve' | 'version' | DatabaseCommand
}

/**
 * Reads the command line as the native engine does: `[--datasource JSON] [--datamodels FILE]… [cli SUB-COMMAND]`.
 *
 * @param args arguments after the program's name
 * @throws Error for an option or sub-command that the engine doesn't know
 */
export function readInvocation(args: string[]): Invocation {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      datasource: { type: 'string', default: '{}' },
      datamodels: { type: 'string', multiple: true, default: [] },
      version: { type: 'boolean', default: false },
      // For the native engine alone: previews of other databases, and types of PostgreSQL extensions.
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
    },
  })
  const datasource: unknown = JSON.parse(values.datasource)
  return {
    url: textAt(datasource, 'url'),
    shadowUrl: textAt(datasource, 'shadowDatabaseUrl'),
    schemaFiles: values.datamodels,
    command: values.version ? 'version' : commandOf(positionals),
  }
}

function commandOf([first, second]: string[]): Invocation['command'] {
  if (first !== 'cli') return 'serve'
  const command = DATABASE_COMMANDS.find((name) => name === second)
  if (command) return command
  throw new Error(`The schema engine has no command "cli ${second ?? ''}"`)
}
