import pg from 'pg'
import { rolledBack, sqlStateOf } from '../database.ts'
import type { Check } from '../output.ts'
import type { Expected } from './expected.ts'
import { verdict } from './functions.ts'

/** A policy as the server prints it. */
type Policy = { name: string; definition: string }

/** Judges that the policies are the migrations' ones: each there, none besides, and each saying what its file says. */
export async function checkPolicies(client: pg.Client, { policies }: Expected): Promise<Check> {
  const live = new Map((await readPolicies(client, 'public')).map((one) => [one.name, one.definition]))
  const asWritten = await printed(client, policies)
  return verdict('Policies are those of the migrations', [
    ...[...policies.keys()].flatMap((name) => {
      const definition = live.get(name)
      if (definition === undefined) return [`policy ${name} is missing`]
      const wanted = asWritten?.get(name)
      return wanted === undefined || wanted === definition ? [] : [`policy ${name} says ${definition}`]
    }),
    ...[...live.keys()]
      .filter((name) => !policies.has(name))
      .map((name) => `policy ${name} is no migration's`),
  ])
}

async function readPolicies(client: pg.ClientBase, schema: string): Promise<Policy[]> {
  const { rows } = await client.query<Policy>(
    `select format('%s on %s', policyname, tablename) as name,
       concat_ws(' ', lower(permissive), 'for', lower(cmd), 'to', array_to_string(roles, ', '),
         'using ' || qual, 'with check ' || with_check) as definition
     from pg_policies where schemaname = $1`,
    [schema],
  )
  return rows
}

/**
 * The files' policies as this server prints them, which is not how a file writes them: each is made on an empty temporary
 * table of the same name and columns, and everything is rolled back.
 *
 * @returns null for a user who may make no temporary tables, on a replica, or where a table or function that a policy
 *   needs is missing (which is told elsewhere): then names have to do
 */
async function printed(
  client: pg.Client,
  policies: Expected['policies'],
): Promise<Map<string, string> | null> {
  const tables = [...new Set([...policies.keys()].map((name) => name.slice(name.indexOf(' on ') + 4)))]
  const make = [
    // A temporary table hides the real one from whoever asks for it without a schema.
    'set local search_path = public, pg_temp',
    ...tables.map((table) => {
      const name = pg.escapeIdentifier(table)
      return `create temporary table ${name} (like public.${name}) on commit drop`
    }),
    ...[...policies].map(([, statement]) => statement.replace(/ on (?:public\.)?(\w+)/, ' on pg_temp.$1')),
  ].join(';\n')
  try {
    return await rolledBack(client, async () => {
      await client.query(make)
      const { rows } = await client.query<{ schema: string }>(
        'select nspname as schema from pg_namespace where oid = pg_my_temp_schema()',
      )
      const made = await readPolicies(client, rows[0]?.schema ?? '')
      return new Map(made.map(({ name, definition }) => [name, definition]))
    })
  } catch (error) {
    if (sqlStateOf(error) === undefined) throw error
    return null
  }
}
