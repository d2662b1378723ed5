import { repositoryRoot } from '@vetcita/postgres'
import { adminUrl } from '@vetcita/testing'
import { describe, expect, test } from 'vitest'
import { database, prisma } from './project.ts'

describe("the repository's own migrations", () => {
  test('make the tables that prisma/schema.prisma describes', async () => {
    const { code, output } = await prisma(repositoryRoot, adminUrl(), [
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ])
    expect(output).toContain('No difference detected')
    expect(code).toBe(0)
  })

  test('deploy as an owner who is not a superuser, and leave nothing pending and nothing to generate', async () => {
    const db = await database()
    expect(await prisma(repositoryRoot, db.ownerUrl, ['migrate', 'deploy'])).toMatchObject({ code: 0 })
    expect(await prisma(repositoryRoot, db.ownerUrl, ['migrate', 'status'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('Database schema is up to date!'),
    })
    const args = [
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema.prisma',
      '--exit-code',
    ]
    expect(await prisma(repositoryRoot, db.ownerUrl, args)).toMatchObject({ code: 0 })
  })
})
