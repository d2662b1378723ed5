import { productSchemas } from '@vetcita/catalogue/catalogue'
import { Failure } from '../failure.ts'
import { historyTable, migrateLock, recordStatement } from '../history.ts'
import type { Migration } from '../migrations.ts'

/** Notifies PostgREST, if there is one, that functions were created or dropped. */
export const reloadSchema = `notify pgrst, 'reload schema'`

const opening = /^begin;$/m
const closing = /^commit;$/gm

/**
 * Returns a migration and its row of the history as one transaction, so that after a kill either both exist or neither.
 * The additions are on the lines of the file's `begin;` and `commit;`, so that line numbers in errors match the file.
 *
 * @param lockTimeoutMs how long a statement may wait for a lock, and thus block those that queue behind it
 */
export function recordedMigration(migration: Migration, lockTimeoutMs: number): string {
  return rewritten(
    migration.sql,
    migration.name,
    opened(lockTimeoutMs),
    `${recordStatement(migration)} commit;`,
  )
}

/**
 * Returns a migration's `down.sql` with the change of the history in the same transaction.
 *
 * @param guard statements that run first and stop it if it would lose data
 */
export function recordedDown(
  migration: Migration,
  down: string,
  lockTimeoutMs: number,
  guard: string,
): string {
  return rewritten(
    down,
    `${migration.name}/down.sql`,
    `${opened(lockTimeoutMs)} ${guard}`.trimEnd(),
    `update public._prisma_migrations set rolled_back_at = clock_timestamp() where migration_name = '${migration.name}' and rolled_back_at is null; commit;`,
  )
}

function opened(lockTimeoutMs: number): string {
  return `begin; set local lock_timeout = '${lockTimeoutMs}ms';`
}

/** Returns the file with its `begin;` and `commit;` replaced. */
function rewritten(sql: string, name: string, begin: string, end: string): string {
  const last = [...sql.matchAll(closing)].at(-1)
  if (last === undefined || !opening.test(sql) || sql.slice(last.index + last[0].length).trim() !== '')
    throw new Failure(
      `${name} is not one transaction: it has to start with a line "begin;" and end with a line "commit;".`,
    )
  return `${sql.slice(0, last.index)}${end}\n`.replace(opening, () => begin)
}

/**
 * Returns one script for a SQL editor: every migration in its own transaction, with its row of the history. It skips
 * applied migrations, so it may be pasted again after an interruption.
 */
export function editorScript(migrations: readonly Migration[], lockTimeoutMs: number): string {
  const names = migrations.map(({ name }) => name)
  return [
    `-- ${names.length === 1 ? names[0] : `${names[0]} to ${names.at(-1)}`}: paste all of it into a SQL editor and run it.`,
    '-- Run it again if it stopped halfway, or printed "canceling statement due to lock timeout": applied migrations are skipped.',
    '',
    `begin;
select pg_advisory_xact_lock(${migrateLock});
do $vetcita$
begin
  if to_regclass('public._prisma_migrations') is null then
    ${historyTable.replaceAll('\n', '\n    ')};
  end if;
end
$vetcita$;
commit;
`,
    ...migrations.map((migration) => editorStep(migration, lockTimeoutMs)),
    editorEnd,
  ].join('\n')
}

function editorStep(migration: Migration, lockTimeoutMs: number): string {
  const { name, number, sql } = migration
  const tag = `$vetcita_${number}$`
  if (sql.includes(tag)) throw new Failure(`${name} contains ${tag}, which the script uses as its quote.`)
  // "execute" runs inside this script's transaction, so the file's begin and commit are removed
  const body = rewritten(sql, name, '', '')
  return `begin;
set local lock_timeout = '${lockTimeoutMs}ms';
do $vetcita$
begin
  perform pg_advisory_xact_lock(${migrateLock});
  if exists (
    select from public._prisma_migrations
    where migration_name = '${name}' and finished_at is not null and rolled_back_at is null
  ) then
    raise notice '${name} is already applied.';
    return;
  end if;
${name.startsWith('000_') ? foreignTablesGuard : ''}  execute ${tag}
${body.trim()}
${tag};
  ${recordStatement(migration)}
end
$vetcita$;
commit;
`
}

/** What `deploy` does at its end by {@link reloadSchema} and `analyzeTables`. */
const editorEnd = `do $vetcita$
declare
  v_table text;
begin
  for v_table in
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname = any (array[${productSchemas.map((name) => `'${name}'`).join(', ')}])
      and pg_has_role(tableowner, 'usage')
  loop
    execute 'analyze ' || v_table;
  end loop;
end
$vetcita$;
${reloadSchema};
`

/** What to do with tables that are not those of the contract. */
export const fixTables =
  'Give Vetcita a database of its own ("create database vetcita;", and its address as DIRECT_URL), deploy there, and bring the rows over; or change these tables until "pnpm ops preflight" names nothing, then "pnpm prisma migrate resolve --applied 000_clinic_schema", then "pnpm ops deploy".'

/** The message for a database that has a clinic's tables already, which 000 did not make. */
export const adoptTables =
  'This database already has a clinic\'s tables, but no history of migrations. If "pnpm ops preflight" names nothing that they lack: "pnpm prisma migrate resolve --applied 000_clinic_schema", then "pnpm ops deploy".'

const foreignTablesGuard = `  if to_regclass('public.appointments') is not null then
    raise exception '${adoptTables.replaceAll("'", "''")}';
  end if;
`
