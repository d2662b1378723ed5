import process from 'node:process'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogueOf } from './support/catalogue.ts'
import { type EmptyDatabase, emptyDatabase, servers, withoutDebian } from './support/databases.ts'
import { ops } from './support/ops.ts'

/** `pnpm --filter @vetcita/ops test:full` runs every mixture on every server. */
const full = process.env.OPS_APPOINTMENTS !== undefined

/** Pastes the editor's script as a SQL editor does: the whole text as one message. */
async function paste(url: string, args: readonly string[] = []): Promise<void> {
  const { stdout, code } = await ops(undefined, ['deploy', '--method', 'editor', ...args])
  expect(code).toBe(0)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(stdout)
  } finally {
    await client.end()
  }
}

async function deploy(url: string, ...args: string[]): Promise<string> {
  const run = await ops(url, ['deploy', ...args])
  expect(`${run.stdout}${run.stderr}`).not.toMatch(/❌/)
  expect(run.code).toBe(0)
  return run.stdout
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
      await deploy(ownerUrl, '--method', 'prisma')
      expected = await catalogueOf(adminUrl)
      expect(expected.history?.length).toBeGreaterThan(12)
    })
    afterAll(async () => {
      for (const database of made) await database.drop()
    })

    test.each(full || !server.platform ? ['psql', 'node'] : ['psql'])('%s', async (method) => {
      const { ownerUrl, adminUrl } = await fresh()
      const output = await deploy(ownerUrl, '--method', method)
      expect(output).toContain('Applying 088_atomic_appointment_booking.sql...\n')
      expect(output).toContain('NOTICE:  Atomic appointment booking migration complete\n')
      expect(output).toContain('✅ 088_atomic_appointment_booking.sql applied successfully\n')
      expect(output).toContain('\n✅ All migrations applied successfully')
      expect(await catalogueOf(adminUrl)).toEqual(expected)
      expect(await deploy(ownerUrl, '--method', method)).toContain('already applied')
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    test('editor, pasted twice', async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await paste(ownerUrl)
      await paste(ownerUrl)
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })

    // Four rotations put each way in each place. Prisma is slow to start, so the quick run has one for each server.
    const mixtures = [
      ['prisma', 'editor', 'psql', 'node'],
      ['psql', 'node', 'prisma', 'editor'],
      ['node', 'prisma', 'editor', 'psql'],
      ['editor', 'psql', 'node', 'prisma'],
    ]
    const chosen = server.platform ? mixtures.slice(2, 3) : mixtures.slice(0, 1)
    test.each(full ? mixtures : chosen)(
      'a mixture: 000 by %s, 088 and 089 by %s, through 093 by %s, the rest by %s',
      async (...methods) => {
        const { ownerUrl, adminUrl } = await fresh()
        const stops = [['--through', '000'], ['--through', '089'], ['--through', '093'], []]
        for (const [at, method] of methods.entries()) {
          const through = stops[at] ?? []
          if (method === 'editor') await paste(ownerUrl, through)
          else await deploy(ownerUrl, '--method', method, ...through)
        }
        expect(await catalogueOf(adminUrl)).toEqual(expected)
      },
    )

    test.runIf(full || !server.platform)('the index built concurrently is the index', async () => {
      const { ownerUrl, adminUrl } = await fresh()
      await deploy(ownerUrl, '--method', 'psql', '--through', '000')
      expect(await deploy(ownerUrl, '--method', 'node', '--concurrently')).toContain('concurrently')
      expect(await catalogueOf(adminUrl)).toEqual(expected)
    })
  })
}
