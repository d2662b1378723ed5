import { execFile } from 'node:child_process'
import { chmod } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { schemaEnginePath } from '@vetcita/schema-engine'
import { describe, expect, test } from 'vitest'
import { database, engine, prisma, project, thingModel } from './project.ts'

describe('the executable', () => {
  test('starts the pinned Node if its own cannot run TypeScript', async () => {
    const args = ['--no-strip-types', schemaEnginePath, '--version']
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(stdout).toMatch(/^schema-engine-cli [0-9a-f]{40}\n$/)
  })

  test('is not used if the user names another engine', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    const answer =
      '{"level":"ERROR","target":"schema_engine::logger","fields":{"error_code":"P0042","message":"theirs"}}'
    await app.write('their-engine', `#!/bin/sh\nprintf '\\n%s\\n' '${answer}' >&2\nexit 1\n`)
    const theirs = path.join(app.folder, 'their-engine')
    await chmod(theirs, 0o755)
    const run = await prisma(app.folder, db.ownerUrl, ['migrate', 'status'], {
      PRISMA_SCHEMA_ENGINE_BINARY: theirs,
    })
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('P0042: theirs') })
  })

  test('reports a panic of the engine in one sentence', async () => {
    const [db, app] = [await database(), await project(thingModel)]
    const run = await prisma(app.folder, db.ownerUrl, ['migrate', 'status'], {
      FORCE_PANIC_SCHEMA_ENGINE: '1',
    })
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('The schema engine panicked') })
    expect(run.output).not.toMatch(/\n\s+at /)
  })

  test('creates and drops databases, and reports P1009 and P1003 if there is nothing to do', async () => {
    const db = await database()
    const url = Object.assign(new URL(db.developerUrl), {
      pathname: `schema_engine_${process.pid}_made`,
    }).href
    const outcome = async (command: string) => {
      const { code, output } = await engine(url, 'cli', command)
      return code === 0 ? 'done' : /P\d{4}/.exec(output)?.[0]
    }
    expect(await outcome('can-connect-to-database')).toBe('P1003')
    expect(await outcome('create-database')).toBe('done')
    expect(await outcome('can-connect-to-database')).toBe('done')
    expect(await outcome('create-database')).toBe('P1009')
    expect(await outcome('drop-database')).toBe('done')
    expect(await outcome('drop-database')).toBe('P1003')
  })
})
