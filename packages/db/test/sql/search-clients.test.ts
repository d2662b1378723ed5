import { becomeText, user } from '@vetcita/testing/sql/calls'
import { newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { expect, test } from 'vitest'

const db = await fileDatabase()
const clinic = await newClinic(db.admin)
const elsewhere = await newClinic(db.admin)
await db.rows(
  `insert into profiles (tenant_id, full_name, phone, email) values
     ($1, 'María José Núñez', '+595 981 123-456', 'majo@example.com'), ($1, 'Ñandutí Gómez', '0982 777 888', null),
     ($1, 'José O''Hara', null, null), ($2, 'María de Otra Clínica', '0981 123 456', null)`,
  [clinic.tenant, elsewhere.tenant],
)
await db.rows(
  `insert into pets (tenant_id, owner_id, name) select tenant_id, id, 'Ñata' from profiles where full_name like 'José%'`,
)

const search = async (text: string | null, actor = clinic.receptionist) => {
  const results = await db.admin.query(
    `${becomeText(user(actor))};
     select full_name from search_clients('${clinic.tenant}', ${text === null ? 'null' : `$$${text}$$`})`,
  )
  return [results]
    .flat()
    .at(-1)
    ?.rows.map(({ full_name: name }) => name)
}

test('finds clients by the start of any word of their name, by phone, email and pet, ignoring accents', async () => {
  for (const [text, names] of [
    ['mar', ['María José Núñez']],
    ['MARIA', ['María José Núñez']],
    ['nuñ', ['María José Núñez']],
    ['nunez jose', ['María José Núñez']],
    // names that start with the text come first
    ['jose', ["José O'Hara", 'María José Núñez']],
    ['hara', ["José O'Hara"]],
    ["o'hara", ["José O'Hara"]],
    ['O’HARA', ["José O'Hara"]],
    ['ohara', ["José O'Hara"]],
    ['nu\u0301n\u0303', ['María José Núñez']],
    ['nata', ["José O'Hara"]],
    ['jose ñata', ["José O'Hara"]],
    ['lu', ['Owner One']],
    ['0981 123', ['María José Núñez']],
    ['123456', ['María José Núñez']],
    ['+595 (981) 123-456', ['María José Núñez']],
    ['888', ['Ñandutí Gómez']],
    ['majo@ex', ['María José Núñez']],
    ['osé', []],
    ["'", ["José O'Hara", 'María José Núñez', 'Ñandutí Gómez', 'Owner One', 'Owner Two']],
    [`' | !'x':* & \\`, []],
    [null, ["José O'Hara", 'María José Núñez', 'Ñandutí Gómez', 'Owner One', 'Owner Two']],
  ] as const)
    expect(await search(text), String(text)).toEqual(names)
})

test('returns rows only to the clinic’s staff', async () => {
  for (const actor of [clinic.owner, elsewhere.admin]) expect(await search('mar', actor)).toEqual([])
})

test('searches a clinic’s twenty thousand clients through the index', async () => {
  await db.rows(
    `insert into profiles (tenant_id, full_name, phone)
     select t, (array['Ana', 'Luis', 'Rosa', 'Hugo'])[1 + n % 4] || ' Apellido' || n, '09' || 80000000 + n
     from unnest(array[$1, $2]) t, generate_series(1, 20000) n`,
    [clinic.tenant, elsewhere.tenant],
  )
  await db.admin.query('analyze profiles')
  const begun = performance.now()
  expect(await search('apellido19999')).toEqual(['Hugo Apellido19999'])
  expect(await search('80000123')).toEqual(['Hugo Apellido123'])
  expect(performance.now() - begun).toBeLessThan(1000)
  const [plan] = await db.rows(
    `explain (format json) select id from profiles where tenant_id = $1
       and clinic_access.search_terms(tenant_id, full_name, phone, email) @@ $2::tsquery`,
    [clinic.tenant, `'${clinic.tenant}/apellido19999':*`],
  )
  expect(JSON.stringify(plan)).toContain('profiles_search_idx')
})
