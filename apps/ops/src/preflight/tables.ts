import type pg from 'pg'
import { z } from 'zod'
import type { Migration } from '../migrations.ts'

/** A table as migration 000 makes it. */
export type ContractTable = {
  name: string
  columns: { name: string; type: string; required: boolean }[]
  /** Keys, foreign keys and unique constraints, as `pg_get_constraintdef` prints them. */
  keys: string[]
}

const longTypes: Readonly<Record<string, string>> = {
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  'numeric(12, 2)': 'numeric(12,2)',
}

/** Reads the contract's tables from the migration that makes them. */
export function contractTables(first: Migration): ContractTable[] {
  return [...first.sql.matchAll(/^create table (\w+) \(\n([\s\S]*?)\n\);$/gm)].map(
    ([, name = '', body = '']) => {
      const columns: ContractTable['columns'] = []
      const keys: string[] = []
      for (const line of body.split('\n')) {
        const text = line.trim().replace(/,$/, '')
        if (/^(primary key|foreign key|unique)\b/.test(text)) keys.push(constraintText(text))
        const column = /^ {2}(\w+) (numeric\(12, 2\)|[a-z]+)(?=\s|$)(.*)$/.exec(line)
        if (column === null || /^(primary|foreign|unique|check)$/.test(column[1] ?? '')) continue
        const [, columnName = '', type = '', rest = ''] = column
        columns.push({
          name: columnName,
          type: longTypes[type] ?? type,
          required: /\bnot null\b|\bprimary key\b/.test(rest),
        })
        if (/\bprimary key\b/.test(rest)) keys.push(`PRIMARY KEY (${columnName})`)
        const reference = /\breferences (\w+) \((\w+)\)/.exec(rest)
        if (reference) keys.push(`FOREIGN KEY (${columnName}) REFERENCES ${reference[1]}(${reference[2]})`)
      }
      return { name, columns, keys }
    },
  )
}

function constraintText(text: string): string {
  return text
    .replace(/^primary key/, 'PRIMARY KEY')
    .replace(/^foreign key/, 'FOREIGN KEY')
    .replace(/^unique/, 'UNIQUE')
    .replace(/ references (\w+) \(/, ' REFERENCES $1(')
    .replace(/ on delete cascade$/, ' ON DELETE CASCADE')
}

/**
 * What each table of this database lacks against the contract, one sentence each. A table that is missing altogether is
 * one sentence; more columns than the contract's are welcome.
 */
export async function tableGaps(client: pg.ClientBase, tables: readonly ContractTable[]): Promise<string[]> {
  const live = z
    .array(z.object({ name: z.string(), columns: z.record(z.string(), column), keys: z.array(z.string()) }))
    .parse((await client.query(liveTables, [tables.map(({ name }) => name)])).rows)
  return tables.flatMap(({ name, columns, keys }) => {
    const there = live.find((table) => table.name === name)
    if (there === undefined) return [`table ${name} is missing`]
    return [
      ...columns.flatMap((wanted) => {
        const found = there.columns[wanted.name]
        if (found === undefined) return [`${name} has no column ${wanted.name} (${wanted.type})`]
        if (found.type !== wanted.type)
          return [`${name}.${wanted.name} is ${found.type}, the contract says ${wanted.type}`]
        return wanted.required && !found.required ? [`${name}.${wanted.name} may be null`] : []
      }),
      ...keys.filter((key) => !there.keys.includes(key)).map((key) => `${name} has no ${key}`),
    ]
  })
}

const column = z.object({ type: z.string(), required: z.boolean() })

const liveTables = `
  select c.relname as name,
    (select jsonb_object_agg(a.attname, jsonb_build_object('type', format_type(a.atttypid, a.atttypmod), 'required', a.attnotnull))
     from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    array(
      select replace(pg_get_constraintdef(k.oid), ' REFERENCES public.', ' REFERENCES ') from pg_constraint k
      where k.conrelid = c.oid and k.contype in ('p', 'f', 'u')
    ) as keys
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname = any ($1)`
