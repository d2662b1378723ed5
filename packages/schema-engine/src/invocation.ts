import { parseArgs } from 'node:util'
import { textAt } from './json.ts'

const DATABASE_COMMANDS = ['can-connect-to-database', 'create-database', 'drop-database'] as const

/** A sub-command of `cli`. */
export type DatabaseCommand = (typeof DATABASE_COMMANDS)[number]

/** The engine's command line, as Prisma's CLI writes it. */
export type Invocation = {
  /** connection URL of the database; undefined for commands that need none */
  url: string | undefined
  /** connection URL of the user's own shadow database; if undefined, one is made and dropped */
  shadowUrl: string | undefined
  /** paths of the Prisma schema files */
  schemaFiles: readonly string[]
  /** `serve` answers JSON-RPC on stdio; the others do one thing and exit */
  command: 'serve' | 'version' | DatabaseCommand
}

/**
 * Reads the command line as the native engine does: `[--datasource JSON] [--datamodels FILE]… [cli SUB-COMMAND]`.
 *
 * @param args arguments after the program's name
 * @throws Error for an unknown option or sub-command
 */
export function readInvocation(args: string[]): Invocation {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      datasource: { type: 'string', default: '{}' },
      datamodels: { type: 'string', multiple: true, default: [] },
      version: { type: 'boolean', default: false },
      // only for the native engine: previews of other databases, and types of PostgreSQL extensions
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
