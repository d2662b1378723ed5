import { createReadStream, createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'

/** A foreign key from one of our tables into a schema that a backup leaves out. */
export type OutwardKey = { table: string; name: string; references: string }

/** What a dump needs so that it can be restored into an empty database on a similar server. */
export type Restoring = {
  /** The schema of the extension that the constraint needs, which may be the platform's. */
  extensionSchema: string | null
  keys: readonly OutwardKey[]
  /** the names of the server's settings; a newer pg_dump sets some that the server does not have */
  settings: readonly string[]
  tables: readonly string[]
}

/**
 * Copies a dump of pg_dump and makes it restorable: creates the extension's schema first, removes settings that the server
 * does not have, adds foreign keys into left-out schemas only if those exist, and analyzes the tables at the end.
 */
export async function makeRestorable(dump: string, restoring: Restoring, into: string): Promise<void> {
  await pipeline(
    async function* () {
      yield text(header(restoring.extensionSchema))
      yield* rewritten(dump, restoring)
      if (restoring.tables.length > 0) yield text(`\nANALYZE ${restoring.tables.join(', ')};\n`)
    },
    createWriteStream(into, { encoding }),
  )
}

/** Each byte is a character, so that a dump in any encoding is copied unchanged. */
const encoding = 'latin1'

function text(written: string): string {
  return Buffer.from(written, 'utf8').toString(encoding)
}

function header(extensionSchema: string | null): string {
  const schema =
    extensionSchema === null || extensionSchema === 'public'
      ? ''
      : `create schema if not exists ${pg.escapeIdentifier(extensionSchema)};\n`
  return `-- Restore into an empty database, as the tables' owner: psql -v ON_ERROR_STOP=1 -f <this file>\n${schema}\n`
}

async function* rewritten(dump: string, { keys, settings }: Restoring): AsyncGenerator<string> {
  let isHead = true
  let table: string | undefined
  for await (const line of linesOf(dump)) {
    if (table !== undefined) {
      const key = keys.find(
        (one) =>
          table === text(`ALTER TABLE ONLY ${one.table}`) &&
          line.startsWith(text(`    ADD CONSTRAINT ${one.name} FOREIGN KEY `)),
      )
      yield key === undefined ? `${table}\n${line}\n` : text(conditional(key, table, line))
      table = undefined
    } else if (line.startsWith('ALTER TABLE ONLY ') && !line.endsWith(';')) table = line
    else {
      if (line.startsWith('CREATE ')) isHead = false
      const setting = isHead ? /^SET (\w+) = /.exec(line)?.[1]?.toLowerCase() : undefined
      if (setting === undefined || settings.includes(setting)) yield `${line}\n`
    }
  }
}

function conditional({ references }: OutwardKey, table: string, line: string): string {
  const [before, after] = [table, line].map((part) => Buffer.from(part, encoding).toString('utf8'))
  return `DO $restore$ BEGIN IF to_regclass(${pg.escapeLiteral(references)}) IS NOT NULL THEN
${before}
${after}
END IF; END $restore$;
`
}

/** Splits only at line feeds, because a carriage return may be part of a function's body. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of createReadStream(file, { encoding, highWaterMark: 1 << 20 })) {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}
