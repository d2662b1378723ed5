import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { adminUrl } from '@vetcita/testing'
import { compareSources } from '@vetcita/testing/sources/compare'
import { chunkOf, readChunks, readSources, type SqlFolders, sqlFolders } from '@vetcita/testing/sources/files'
import { writeNextMigration } from '@vetcita/testing/sources/next-migration'
import { describe, expect, onTestFinished, test } from 'vitest'

/** Copies the sources and migrations, so that a test may change them. */
async function copiedFolders(): Promise<SqlFolders> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'vetcita-sources-'))
  onTestFinished(() => rm(root, { recursive: true }))
  const folders = { sources: path.join(root, 'sql'), migrations: path.join(root, 'migrations') }
  await cp(sqlFolders.sources, folders.sources, { recursive: true })
  await cp(sqlFolders.migrations, folders.migrations, { recursive: true })
  return folders
}

async function edit(folders: SqlFolders, file: string, change: (text: string) => string): Promise<void> {
  const name = path.join(folders.sources, file)
  const text = await readFile(name, 'utf8')
  const changed = change(text)
  if (changed === text) throw new Error(`The edit of ${file} changes nothing.`)
  await writeFile(name, changed)
}

describe('prisma/sql', () => {
  test('matches what the migrations make; after a change run pnpm db:migration <name>', async () => {
    const { drifted, unsourced } = await compareSources(adminUrl())
    expect({ drifted: drifted.map(({ path: file }) => `prisma/sql/${file}`), unsourced }).toEqual({
      drifted: [],
      unsourced: [],
    })
  })

  test('is embedded in the migrations verbatim, including comments', async () => {
    const chunks = await readChunks()
    const different = (await readSources()).flatMap((source) => {
      const chunk = chunks.get(source.path)
      const there = chunk && `-- prisma/sql/${source.path}\n${chunk.text}`
      return there === chunkOf(source, chunk?.folder.slice(0, 3) ?? '') ? [] : [source.path]
    })
    expect(different).toEqual([])
  })

  test('is reported by file name if it drifts', async () => {
    const folders = await copiedFolders()
    await edit(folders, 'booking/slot_refusals.sql', (text) => text.replace('limit 1', 'limit 2'))
    await edit(folders, 'policies/pets.sql', (text) =>
      text.replace('deleted_at) on pets', 'created_at) on pets'),
    )
    await rm(path.join(folders.sources, 'cart/invalid_cart_item.sql'))
    const { drifted, unsourced } = await compareSources(adminUrl(), folders)
    expect(drifted.map(({ path: file }) => file)).toEqual(['booking/slot_refusals.sql', 'policies/pets.sql'])
    expect(unsourced).toEqual(['invalid_cart_item'])
  })
})

describe('pnpm db:migration', () => {
  test('refuses to write an empty migration', async () => {
    await expect(writeNextMigration(adminUrl(), 'nothing', await copiedFolders())).rejects.toThrow(
      'there is nothing to write',
    )
  })

  test('writes what changed, in order of dependence, and a down.sql; the result matches the sources', async () => {
    const folders = await copiedFolders()
    // a body, a signature, a policy, a new function that a changed view needs, and a removed function
    await edit(folders, 'booking/slot_refusals.sql', (text) => text.replace('limit 1', 'limit 2'))
    await edit(folders, 'cart/invalid_cart_item.sql', (text) =>
      text
        .replace('(p_items jsonb)', '(p_items jsonb, p_limit integer default 200)')
        .replaceAll('(jsonb)', '(jsonb, integer)'),
    )
    await edit(folders, 'policies/pets.sql', (text) =>
      text.replace('deleted_at) on pets', 'created_at) on pets'),
    )
    await edit(folders, 'availability/public_vets.sql', (text) =>
      text.replace('p.deleted_at is null', 'is_here(p.id)'),
    )
    await rm(path.join(folders.sources, 'booking/squeeze_ins_are_full.sql'))
    await writeFile(
      path.join(folders.sources, 'availability/is_here.sql'),
      `create or replace function is_here(p_id uuid) returns boolean
language sql stable
set search_path = public, pg_temp
as $$
  select exists (select from profiles where id = p_id and deleted_at is null)
$$;

comment on function is_here(uuid) is 'Whether a profile is not deleted.';
revoke execute on function is_here(uuid) from public, anon, authenticated, service_role;
`,
    )
    const before = await compareSources(adminUrl(), folders)
    const folder = await writeNextMigration(adminUrl(), 'several_things', folders)
    const up = await readFile(path.join(folder, 'migration.sql'), 'utf8')
    const down = await readFile(path.join(folder, 'down.sql'), 'utf8')

    const number = path.basename(folder).slice(0, 3)
    expect(path.basename(folder)).toBe(`${number}_several_things`)
    expect([...up.matchAll(/^-- prisma\/sql\/(\S+)$/gm)].map(([, file]) => file)).toEqual(
      before.drifted.map(({ path: file }) => file),
    )
    expect(up.indexOf('availability/is_here.sql')).toBeLessThan(up.indexOf('availability/public_vets.sql'))
    expect(up).toContain('drop function if exists invalid_cart_item(jsonb);')
    expect(up).toContain('drop function if exists squeeze_ins_are_full(')
    expect(up).toContain(`comment on function is_here(uuid) is 'Migration ${number}. Whether`)
    expect(down).toContain('drop function if exists is_here(uuid);')
    expect(down).toContain('drop function if exists invalid_cart_item(jsonb,integer);')
    expect(down).toContain('limit 1')

    const { drifted, unsourced } = await compareSources(adminUrl(), folders)
    expect({ drifted, unsourced }).toEqual({ drifted: [], unsourced: [] })
  })

  test('names the file that fails', async () => {
    const folders = await copiedFolders()
    await appendFile(
      path.join(folders.sources, 'cart/catalogue_items.sql'),
      'select nothing_of_that_name();\n',
    )
    await expect(writeNextMigration(adminUrl(), 'broken', folders)).rejects.toThrow(
      'prisma/sql/cart/catalogue_items.sql cannot be made: function nothing_of_that_name() does not exist',
    )
  })
})
