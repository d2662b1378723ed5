import { execFile } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { readCatalogue } from '@vetcita/catalogue/read'
import { repositoryRoot } from '@vetcita/postgres'
import { applyMigrations } from '@vetcita/testing'
import { expect, test } from 'vitest'
import { byHand, freshDatabase } from './support/fresh-database.ts'

const run = promisify(execFile)

/** Runs Prisma's command line on a database, as `pnpm prisma` does. */
async function prisma(url: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(
    process.execPath,
    [path.join(repositoryRoot, 'node_modules/prisma/build/index.js'), ...args],
    {
      cwd: repositoryRoot,
      env: {
        ...process.env,
        DATABASE_URL: url,
        DIRECT_URL: url,
        // the schema engine is a script that starts "node"
        PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      },
    },
  )
  return stdout
}

test('088 to 090 applied twice by psql, then prisma migrate deploy, give the same catalogue as a plain deploy', {
  timeout: 180_000,
}, async () => {
  const plain = await freshDatabase('migrated')
  const fresh = await freshDatabase('empty')
  await applyMigrations(fresh.url, { through: '000' })
  for (let time = 0; time < 2; time++)
    for (const folder of [
      '088_atomic_appointment_booking',
      '089_atomic_appointment_reschedule',
      '090_atomic_cart_merge',
    ])
      await byHand(fresh, folder)
  await prisma(fresh.url, 'migrate', 'resolve', '--applied', '000_clinic_schema')
  const output = await prisma(fresh.url, 'migrate', 'deploy')
  for (const notice of [
    'Atomic appointment booking migration complete',
    'Atomic appointment reschedule migration complete',
    'Atomic cart merge migration complete',
  ])
    expect(output).toContain(`NOTICE:  ${notice}`)
  expect(await prisma(fresh.url, 'migrate', 'status')).toContain('Database schema is up to date')
  expect(await readCatalogue(fresh.client)).toEqual(await readCatalogue(plain.client))
  for (const role of ['anon', 'authenticated', 'service_role'])
    expect(
      (
        await fresh.admin.query(`select has_table_privilege($1, '_prisma_migrations', 'select') as may`, [
          role,
        ])
      ).rows,
    ).toEqual([{ may: false }])
})
