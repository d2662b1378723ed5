import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Failure } from './failure.ts'

/** The checkout's folder. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../../..')

export const migrationsFolder = path.join(repositoryRoot, 'prisma/migrations')

/** A migration of this checkout. */
export type Migration = {
  /** `088_atomic_appointment_booking` */
  name: string
  /** `088` */
  number: string
  sql: string
  /** the text of `down.sql`, if any */
  down: string | undefined
  /** As Prisma computes it: SHA-256 of the file, in hex; the same for a checkout with other line ends. */
  checksum: string
}

/** Reads all migrations, in the order of their numbers. */
export function readMigrations(folder: string = migrationsFolder): Migration[] {
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = textOf(path.join(folder, name, 'migration.sql'))
      const down = path.join(folder, name, 'down.sql')
      return {
        name,
        number: name.split('_')[0] ?? name,
        sql,
        down: existsSync(down) ? textOf(down) : undefined,
        checksum: createHash('sha256').update(sql).digest('hex'),
      }
    })
}

/** A checkout may have written each line end as CR LF. */
function textOf(file: string): string {
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
}

/**
 * Finds a migration by its number (`090` or `90`) or its folder's name.
 *
 * @throws Failure if there is none
 */
export function findMigration(migrations: readonly Migration[], wanted: string): Migration {
  const found = migrations.find(({ name, number }) => name === wanted || Number(number) === Number(wanted))
  if (found) return found
  const first = migrations[0]?.number
  throw new Failure(
    `There is no migration ${wanted}.`,
    `They are numbered from ${first} to ${migrations.at(-1)?.number}: see prisma/migrations.`,
  )
}

/** Returns the migrations up to and including `through`, or all of them if it is undefined. */
export function migrationsThrough(
  migrations: readonly Migration[],
  through: string | undefined,
): Migration[] {
  if (through === undefined) return [...migrations]
  const last = findMigration(migrations, through)
  return migrations.slice(0, migrations.indexOf(last) + 1)
}

/**
 * Returns the text with which a migration makes a function: the part from its file in `prisma/sql`, with the function's
 * comment, rights and triggers. Returns undefined if the migration does not make that function.
 */
export function sourceOf({ sql }: Migration, name: string): string | undefined {
  return [...sql.matchAll(/^-- prisma\/sql\/\S+\n([\s\S]*?)(?=^-- prisma\/sql(?:\/| ends$))/gm)]
    .map(([, text = '']) => text)
    .find((text) => text.includes(`create or replace function ${name}(`))
}
