import process from 'node:process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { editorScript } from '../src/deploy/compose.ts'
import type { Method } from '../src/deploy/deploy.ts'
import { migrationsThrough, readMigrations } from '../src/migrations.ts'
import { catalogueOf } from './support/catalogue.ts'
import { type EmptyDatabase, emptyDatabase, servers, withoutDebian } from './support/databases.ts'
import { ops } from './support/ops.ts'
import { deployTo } from './support/template.ts'

/** `pnpm --filter @vetcita/ops test:full` runs every mixture on every server. */
const full = process.env.OPS_APPOINTMENTS !== undefined

type Way = Method | 'editor'

/** Four rotations put each way in each place. */
const mixtures: [Way, Way, Way, Way][] = [
  ['prisma', 'editor', 'psql', 'node'],
  ['node', 'prisma', 'editor', 'psql'],
  ['psql', 'node', 'prisma', 'editor'],
  ['editor', 'psql', 'node', 'prisma'],
]

/** Pastes the editor's script as a SQL editor does: the whole text as one message. */
async function paste(url: string, through?: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(editorScript(migrationsThrough(readMigrations(), through), 500))
  } finally {
    await client.end()
  }
}

for (const server of servers) {
  describe.skipIf(server.platform && withoutDebian)(`${server.name}: every way ends in one catalogue`, () => {
    const made: EmptyDatabase[] = []
    let expected: Record<string, unknown[]>

    async function fresh(): Promise<EmptyDatabase> {
      const database = await emptyDatabase(server.url(), server.platform)
      made.push(database)
      return database
    }

    beforeAll(async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await deployTo(ownerUrl, undefined, { method: 'prisma' })
      expected = await catalogueOf(adminUrl)
      expect(expected.history?.length).toBeGreaterThan(12)
    })
    afterAll(async () => {
      for (const database of made) await database.drop()
    })

    test('psql, twice, with the output of the guide', async () => {
      const { ownerUrl, adminUrl } = await fresh()
      const { stdout, code } = await ops(ownerUrl, ['deploy', '--method', 'psql'])
      expect(code).toBe(0)
      expect(stdout).toContain('Applying 088_atomic_appointment_booking.sql...\n')
      expect(stdout).toContain('NOTICE:  Atomic appointment booking migration complete\n')
      expect(stdout).toContain('✅ 088_atomic_appointment_booking.sql applied successfully\n')
      expect(stdout).toContain('\n✅ All migrations applied successfully')
      expect(await catalogueOf(adminUrl)).toEqual(expected)
      expect(await deployTo(ownerUrl, undefined, { method: 'psql' })).toEqual([])
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    test('Node', async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await deployTo(ownerUrl)
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    test('editor, pasted twice', async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await paste(ownerUrl)
      await paste(ownerUrl)
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    // Prisma is slow to start, so the quick run has one for each server.
    const chosen = server.platform ? mixtures.slice(1, 2) : mixtures.slice(0, 1)
    test.each(full ? mixtures : chosen)(
      'a mixture: 000 by %s, 088 and 089 by %s, through 093 by %s, the rest by %s',
      async (...ways) => {
        const { ownerUrl, adminUrl } = await fresh()
        const stops = ['000', '089', '093', undefined]
        for (const [at, way] of ways.entries()) {
          if (way === 'editor') await paste(ownerUrl, stops[at])
          else await deployTo(ownerUrl, stops[at], { method: way })
        }
        expect(await catalogueOf(adminUrl)).toEqual(expected)
      },
    )

    test('the index built concurrently is the index', async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await deployTo(ownerUrl, '000')
      await deployTo(ownerUrl, undefined, { concurrently: true })
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })
  })
}
