import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

let api: TestApi
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-apps-'))
  for (const app of ['owner', 'staff']) {
    await mkdir(path.join(folder, app, 'assets'), { recursive: true })
    await writeFile(path.join(folder, app, 'index.html'), `<title>${app}</title>`)
    await writeFile(path.join(folder, app, 'favicon.svg'), '<svg/>')
    await writeFile(
      path.join(folder, app, 'assets', 'main-abc123.js'),
      `${'const x = 1;'.repeat(200)} // ${app}`,
    )
  }
  await writeFile(path.join(folder, 'secret.txt'), 'secret')
  api = await startApi({ OWNER_DIST: path.join(folder, 'owner'), STAFF_DIST: path.join(folder, 'staff') })
})
afterAll(async () => {
  await api.stop()
  await rm(folder, { recursive: true })
})

const get = async (address: string) => {
  const response = await fetch(`${api.url}${address}`)
  return {
    status: response.status,
    cache: response.headers.get('cache-control'),
    text: await response.text(),
  }
}

describe('the built apps', () => {
  it.each([
    ['/', 'owner'],
    ['/adris/book', 'owner'],
    ['/adris/portal/appointments?x=1', 'owner'],
    ['/staffing', 'owner'],
    ['/staff/', 'staff'],
    ['/staff', 'staff'],
    ['/staff/day/2026-01-01', 'staff'],
  ])('%s is the page of the %s app, revalidated each time', async (address, app) => {
    expect(await get(address)).toEqual({ status: 200, cache: 'no-cache', text: `<title>${app}</title>` })
  })

  it('lets hashed files be cached for a year, compressed', async () => {
    for (const [prefix, app] of [
      ['/', 'owner'],
      ['/staff/', 'staff'],
    ]) {
      const response = await fetch(`${api.url}${prefix}assets/main-abc123.js`)
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      expect(response.headers.get('content-encoding')).toMatch(/br|gzip|zstd/)
      expect(await response.text()).toContain(`// ${app}`)
    }
  })

  it('answers 404 for a missing file, not a page', async () => {
    expect((await get('/assets/main-old.js')).status).toBe(404)
    expect((await get('/staff/assets/main-old.js')).status).toBe(404)
    expect((await fetch(`${api.url}/adris/book`, { method: 'POST' })).status).toBe(404)
  })

  it('serves no file outside the apps’ folders', async () => {
    for (const address of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret.txt',
    ])
      expect((await get(address)).text).not.toBe('secret')
  })
})
