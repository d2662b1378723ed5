import type pg from 'pg'
import { z } from 'zod'
import { takeApart } from '../catalogue/sql-text.ts'
import { rolledBack } from '../database.ts'
import type { Migration } from '../migrations.ts'

const table = z.object({
  name: z.string(),
  columns: z.array(
    z.object({ name: z.string(), type: z.string(), required: z.boolean(), default: z.string().nullable() }),
  ),
  constraints: z.array(z.object({ definition: z.string(), columns: z.array(z.string()) })),
})

type Table = z.infer<typeof table>

/**
 * What each of a clinic's tables lacks against the contract, one sentence each: columns, types, defaults, keys, checks and
 * triggers, as the first migration makes them. A table that is missing altogether is one sentence; more columns, wider
 * rules and other names are welcome. The contract's tables are made beside the real ones as empty temporary tables, so
 * that one server prints both, and rolled back.
 */
export async function tableGaps(client: pg.Client, first: Migration): Promise<string[]> {
  const { statements } = takeApart(first.sql)
  const made = statements.filter((statement) => /^create table /.test(statement))
  return await rolledBack(client, async () => {
    await client.query('set local search_path = pg_temp, public')
    for (const statement of made)
      await client.query(statement.replace(/^create table (?:public\.)?/, 'create temporary table '))
    const wanted = await readTables(client, 'pg_my_temp_schema()')
    const live = await readTables(client, `'public'::regnamespace`)
    const gaps = wanted.flatMap((one) => {
      const there = live.find(({ name }) => name === one.name)
      return there === undefined ? [`table ${one.name} is missing`] : gapsOf(one, there)
    })
    return [...gaps, ...(await triggerGaps(client, statements, live))]
  })
}

function gapsOf({ name, columns, constraints }: Table, there: Table): string[] {
  const wrong = new Set<string>()
  const ofColumns = columns.flatMap((wanted) => {
    const found = there.columns.find((other) => other.name === wanted.name)
    if (found?.type !== wanted.type) wrong.add(wanted.name)
    if (found === undefined) return [`${name} has no column ${wanted.name} (${wanted.type})`]
    if (found.type !== wanted.type)
      return [`${name}.${wanted.name} is ${found.type}, the contract says ${wanted.type}`]
    return [
      ...(wanted.required && !found.required ? [`${name}.${wanted.name} may be null`] : []),
      ...(wanted.default !== null && found.default === null
        ? [`${name}.${wanted.name} has no default ${wanted.default}`]
        : []),
    ]
  })
  const isThere = (definition: string) => there.constraints.some((other) => other.definition === definition)
  return [
    ...ofColumns,
    ...constraints
      // What is wrong with a column is told once.
      .filter(({ definition, columns: used }) => !isThere(definition) && !used.some((one) => wrong.has(one)))
      .map(({ definition }) => `${name} has no ${definition}`),
  ]
}

async function triggerGaps(
  client: pg.ClientBase,
  statements: readonly string[],
  live: readonly Table[],
): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%s on %s', t.tgname, c.relname) as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
     where c.relnamespace = 'public'::regnamespace and not t.tgisinternal`,
  )
  return statements.flatMap((statement) => {
    const [, name, on] = /^create trigger (\w+) .*? on (\w+)/.exec(statement) ?? []
    if (name === undefined || !live.some((one) => one.name === on)) return []
    return rows.some((row) => row.name === `${name} on ${on}`) ? [] : [`${on} has no trigger ${name}`]
  })
}

async function readTables(client: pg.ClientBase, schema: string): Promise<Table[]> {
  const { rows } = await client.query(
    `select c.relname as name,
       (select jsonb_agg(jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
            'required', a.attnotnull, 'default', pg_get_expr(d.adbin, d.adrelid)) order by a.attnum)
        from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       coalesce((
         select jsonb_agg(jsonb_build_object(
             'definition', regexp_replace(pg_get_constraintdef(k.oid), ' REFERENCES (public|pg_temp\\w*)\\.', ' REFERENCES '),
             'columns', array(select attname from pg_attribute where attrelid = k.conrelid and attnum = any (k.conkey))
           ) order by k.contype <> 'p', k.contype <> 'u', k.contype, k.oid)
         from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c')), '[]') as constraints
     from pg_class c
     where c.relnamespace = ${schema} and c.relkind in ('r', 'p')
     order by c.oid`,
  )
  return z.array(table).parse(rows)
}
