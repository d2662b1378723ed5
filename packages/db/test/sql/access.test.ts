import { randomUUID } from 'node:crypto'
import { type Caller, user, visitor } from '@vetcita/testing/sql/calls'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { columnColumns, columnRights, functions, relations } from './access-matrix.ts'
import { type AccessStage, accessStage, type Column, columns, type Things } from './support/access-stage.ts'

const db = await fileDatabase()
let stage: AccessStage
beforeAll(async () => {
  stage = await accessStage(db)
})

const where = 'packages/db/test/sql/access-matrix.ts'
const roles = ['anon', 'authenticated', 'service_role'] as const
type Role = (typeof roles)[number]

const relationRows = await db.rows(`
  select c.relname as name, case c.relname when 'tenants' then 'id' else 'tenant_id' end as tenant,
    (select json_object_agg(r, json_build_object(
       'select', has_any_column_privilege(r, c.oid, 'select'),
       'delete', has_table_privilege(r, c.oid, 'delete'),
       'insert', (select coalesce(json_agg(quote_ident(a.attname)), '[]') from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
           and has_column_privilege(r, c.oid, a.attnum, 'insert')),
       'update', (select coalesce(json_agg(quote_ident(a.attname)), '[]') from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
           and has_column_privilege(r, c.oid, a.attnum, 'update'))))
     from unnest(array['anon', 'authenticated', 'service_role']) r) as rights
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'p') and c.relname <> '_prisma_migrations'
  order by 1`)
const rights = z.object({
  select: z.boolean(),
  delete: z.boolean(),
  insert: z.array(z.string()),
  update: z.array(z.string()),
})
const found = z
  .array(
    z.object({
      name: z.string(),
      tenant: z.string(),
      rights: z.object({ anon: rights, authenticated: rights, service_role: rights }),
    }),
  )
  .parse(relationRows)

const callable = (
  await db.rows(`
    select format('%I.%I', n.nspname, p.proname) as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname !~ '^(pg_|information_schema$)' and p.prorettype <> 'trigger'::regtype
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
      and exists (select from unnest(array['anon', 'authenticated', 'service_role']) r
        where has_function_privilege(r, p.oid, 'execute'))
    order by 1`)
).map(({ name }) => String(name))

test('every table, view and callable function has a line, and every line names an existing one', () => {
  const missing = (kind: string, names: string[], lines: object) =>
    names
      .filter((name) => !(name in lines))
      .map((name) => `${name} has no line: add one to ${kind} in ${where}`)
  const names = found.map(({ name }) => name)
  expect([...missing('relations', names, relations), ...missing('functions', callable, functions)]).toEqual(
    [],
  )
  expect(Object.keys(relations).filter((name) => !names.includes(name))).toEqual([])
  expect(Object.keys(functions).filter((name) => !callable.includes(name))).toEqual([])
})

describe('tables and views', () => {
  test.for(found)('$name', async (relation) => {
    await db.rows(`create temporary table copy as select * from ${relation.name}`)
    await db.rows('grant select on copy to anon, authenticated, service_role')
    try {
      const filled = Number(
        await db.value(`select count(*) from copy where ${relation.tenant} = $1`, [stage.things.tenant]),
      )
      expect(filled, `${relation.name} is empty: give it a row in support/access-stage.ts`).toBeGreaterThan(0)
      const seen: Partial<Record<Column, string>> = {}
      for (const column of columns) {
        const cells = new Set<string>()
        for (const [name, caller] of stage.callers[column]) {
          const cell = await cellOf(relation, caller, stage.things)
          cells.add(cell)
          if (['owner', 'other', 'receptionist', 'vet', 'admin'].includes(column))
            expect(await cellOf(relation, caller, stage.elsewhere), `${name} at another clinic`).toBe(
              seen.outsider,
            )
        }
        seen[column] = [...cells].join('|')
      }
      expect(seen).toEqual(expectedOf(relation.name, relations[relation.name] ?? ''))
    } finally {
      await db.rows('drop table copy')
    }
  })
})

/** Returns how many of one clinic's rows the caller may `read/insert/update/delete`. */
async function cellOf(
  { name, tenant, rights: byRole }: (typeof found)[number],
  caller: Caller,
  clinic: Things,
): Promise<string> {
  const mine = byRole[roleOf(caller)]
  const attempt = async (sql: string) => {
    const { state, count } = await stage.attempt(`${sql} where ${tenant} = $1`, [clinic.tenant])
    return state === 'none' ? String(count) : state
  }
  return stage.as(caller, async () => {
    const read = mine.select ? await attempt(`select 1 from ${name}`) : '-'
    const inserted = mine.insert.length > 0 ? await insertable(name, mine.insert, tenant, clinic) : '-'
    const [first] = mine.update
    const updated = first === undefined ? '-' : await attempt(`update ${name} set ${first} = ${first}`)
    const deleted = mine.delete ? await attempt(`delete from ${name}`) : '-'
    return `${read}/${inserted}/${updated}/${deleted}`
  })
}

/** Counts the clinic's rows that the policies would let the caller insert; unique keys are checked only after policies. */
async function insertable(name: string, granted: string[], tenant: string, clinic: Things): Promise<string> {
  const { rows } = await stage.attempt(`select ctid::text from copy where ${tenant} = $1`, [clinic.tenant])
  const list = granted.join(', ')
  let allowed = 0
  for (const row of rows) {
    const { state } = await stage.attempt(
      `insert into ${name} (${list}) select ${list} from copy where ctid = $1::tid`,
      [row],
    )
    if (state !== '42501') allowed += 1
  }
  return String(allowed)
}

describe('columns', () => {
  test.for(found)('$name', async ({ name, tenant }) => {
    const { things } = stage
    const row = `${tenant} = '${things.tenant}' and ${ownersRow[name]?.(things) ?? 'true'}`
    const all = await db.rows(
      `select quote_ident(attname) as column, attgenerated = '' and attidentity = '' as writable
       from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [name],
    )
    expect(
      await db.value(`select count(*) > 0 from ${name} where ${row}`),
      `no row of the owner's in ${name}`,
    ).toBe(true)
    const seen = new Map<string, string[]>()
    for (const { column } of all) {
      const cells: string[] = []
      for (const who of columnColumns) {
        const caller = columnCallers[who](stage)
        cells.push(
          await stage.as(caller, async () => {
            const read = await stage.attempt(`select ${column} from ${name} where ${row}`)
            const written = await stage.attempt(`update ${name} set ${column} = ${column} where ${row}`)
            return [
              read.state === 'none' && read.count > 0 ? 'r' : '',
              written.state === 'none' && written.count > 0 ? 'w' : '',
            ].join('')
          }),
        )
      }
      const key = cells.map((cell) => cell || '-').join(' ')
      seen.set(key, [...(seen.get(key) ?? []), String(column)])
    }
    expect(Object.fromEntries([...seen].map(([cells, names]) => [names.join(' '), cells]))).toEqual(
      Object.fromEntries(
        Object.entries(columnRights[name] ?? {}).map(([names, cells]) => [
          names,
          cells.trim().split(/\s+/).join(' '),
        ]),
      ),
    )
  })
})

/** Which of a clinic's rows is the owner's; any, where rows have no owner. */
const ownersRow: Readonly<Record<string, (things: Things) => string>> = {
  appointment_events: (t) => `appointment_id = '${t.appointment}'`,
  appointment_note_changes: (t) => `appointment_id = '${t.appointment}'`,
  appointments: (t) => `id = '${t.appointment}'`,
  appointment_states: (t) => `id = '${t.appointment}'`,
  cart_items: (t) => `customer_id = '${t.owner}'`,
  carts: (t) => `customer_id = '${t.owner}'`,
  pets: (t) => `id = '${t.pet}'`,
  profiles: (t) => `id = '${t.owner}'`,
}

const columnCallers: Readonly<Record<(typeof columnColumns)[number], (stage: AccessStage) => Caller>> = {
  anon: () => visitor,
  owner: ({ things }) => user(things.owner),
  other: ({ things }) => user(things.otherOwner),
  staff: ({ things }) => user(things.receptionist),
  admin: ({ things }) => user(things.admin),
  elsewhere: ({ elsewhere }) => user(elsewhere.admin),
}

test('none of the three roles may use tables outside the public schema, such as logins and migrations', async () => {
  const outside = await db.rows(`
    select format('%I.%I', n.nspname, c.relname) as name,
      (select coalesce(json_agg(distinct r), '[]') from unnest(array['anon', 'authenticated', 'service_role']) r
       cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) p
       where has_schema_privilege(r, n.oid, 'usage') and has_table_privilege(r, c.oid, p)
         or has_any_column_privilege(r, c.oid, 'select, insert, update')) as open_to
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'v', 'm', 'p') and n.nspname !~ '^(pg_|information_schema$)'
      and (n.nspname <> 'public' or c.relname = '_prisma_migrations')
    order by 1`)
  expect(outside.map(({ name }) => name)).toContain('login.session')
  expect(outside.filter(({ open_to: roles }) => String(roles) !== '')).toEqual([])
})

test('no role may read the hash of a link, or any other column whose name says that it is secret', async () => {
  expect(
    await db.rows(`
      select distinct format('%s.%s', c.relname, a.attname) as column
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      cross join unnest(array['anon', 'authenticated']) r
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm') and a.attnum > 0
        and not a.attisdropped and a.attname ~ '(token|secret|password|hash)'
        and has_column_privilege(r, c.oid, a.attnum, 'select')`),
  ).toEqual([])
})

describe('functions', () => {
  test.for(callable)('%s', async (name) => {
    const line = functions[name]
    if (line === undefined) return expect.fail(`${name} has no line: add one to functions in ${where}`)
    const [cells, text] = line
    const expected = expectedOf(name, cells)
    const seen: Partial<Record<Column, string>> = {}
    for (const column of columns) {
      const answers = new Set<string>()
      for (const [name, caller] of stage.callers[column]) {
        const me = {
          id: column === 'service' ? stage.things.owner : null,
          isStaff: ['receptionist', 'vet', 'admin'].includes(column),
        }
        const answer = await answerOf(caller, text(stage.things, me))
        answers.add(cellOfAnswer(answer))
        if (expected[column] === 'unseen')
          expect(
            await answerOf(caller, text(missingThings(), me)),
            `${name}, on ids that do not exist`,
          ).toEqual(answer)
      }
      seen[column] = [...answers].join('|')
    }
    expect(seen).toEqual(expected)
  })
})

async function answerOf(caller: Caller, text: string): Promise<unknown> {
  return stage.as(caller, async () => {
    const { state, rows } = await stage.attempt(`select ${text}`)
    return state === 'none' ? rows : state
  })
}

const outcome = z.object({ success: z.boolean(), error: z.string().optional() })

/** Returns the answer as the matrix writes it. */
function cellOfAnswer(answer: unknown): string {
  if (answer === '42501') return 'denied'
  if (!Array.isArray(answer)) return String(answer)
  const [first] = answer
  const parsed = outcome.safeParse(first)
  if (parsed.success) return parsed.data.success ? 'yes' : cellOfCode(parsed.data.error ?? 'no code')
  if (Array.isArray(first)) return String(first.length)
  return answer.length === 1 && first !== null ? String(first) : `${answer.length} rows`
}

const cellOfCode = (code: string) => (/(^|_)NOT_FOUND$/.test(code) ? 'unseen' : code)

/** Returns ids of nothing, at the same clinic. */
function missingThings(): Things {
  const ids = Object.keys(stage.things).map((key) => [key, randomUUID()])
  return { ...stage.things, ...Object.fromEntries(ids), tenant: stage.things.tenant }
}

function roleOf(caller: Caller): Role {
  return roles.find((role) => role === caller.role) ?? 'authenticated'
}

function expectedOf(name: string, cells: string): Partial<Record<Column, string>> {
  const values = cells.trim().split(/\s+/)
  if (values.length !== columns.length)
    throw new Error(`${name} in ${where} needs ${columns.length} cells, one per column`)
  return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']))
}
