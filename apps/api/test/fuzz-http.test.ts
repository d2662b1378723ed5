import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import type { Person } from './support/person.ts'
import { requestText, sendRaw } from './support/raw-http.ts'

// Any bytes get an answer below 500 or a closed connection, which reveals no internals, and the server keeps serving.
// The built apps are served too, since they answer every other address.

let api: TestApi
let folder: string
let person: Person
let before: Record<string, unknown>

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vetcita-raw-'))
  for (const app of ['owner', 'staff']) {
    await mkdir(path.join(folder, app, 'assets'), { recursive: true })
    await writeFile(path.join(folder, app, 'index.html'), '<title>app</title>')
  }
  await writeFile(path.join(folder, 'secret.txt'), 'zzsecret')
  api = await startApi({ OWNER_DIST: path.join(folder, 'owner'), STAFF_DIST: path.join(folder, 'staff') })
  person = await api.owner('Raw', 'adris')
  before = await api.rowCounts()
})
afterAll(async () => {
  await api.stop()
  await rm(folder, { recursive: true })
})

const internals =
  /\bat .+\.[cm]?[jt]s:\d|node_modules|prisma|sqlstate|zzsecret|root:x:|\bselect .+ from\b|postgres/i

async function expectBelow500(request: string | Buffer, name: string): Promise<number> {
  const { status, text } = await sendRaw(api.url, request)
  expect(status, `${name}: ${text.slice(0, 300)}`).toBeLessThan(500)
  expect(status, `${name}: no answer`).toBeGreaterThan(0)
  expect(text, name).not.toMatch(internals)
  return status
}

const json = ['content-type: application/json', 'origin: http://localhost:4000']

describe('addresses', () => {
  const addresses = [
    '//',
    '///evil.example/',
    '//evil.example/%2e%2e',
    '/\\evil.example',
    'http://evil.example/',
    'http://evil.example',
    '*',
    '/%',
    '/%zz',
    '/%00',
    '/%ff%fe',
    '/%c0%ae%c0%ae/secret.txt',
    '/..%2fsecret.txt',
    '/..%5csecret.txt',
    '/....//secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/staff/..%2f..%2fsecret.txt',
    '/staff/%2e%2e/%2e%2e/secret.txt',
    '/index.html/../../secret.txt',
    '/?%',
    '/?__proto__[x]=1&constructor[prototype][x]=1',
    '/trpc',
    '/trpc/',
    '/trpc//',
    '/trpc/.',
    '/trpc/%00',
    '/trpc/__proto__',
    '/trpc/constructor.name',
    '/trpc/appointments.__proto__',
    '/trpc/toString',
    '/trpc/session.me?input=%',
    '/trpc/session.me?input={"a":',
    '/trpc/session.me?batch=1&input=[]',
    '/trpc/session.me?batch=1&input={"__proto__":{"0":1}}',
    '/trpc/session.me?batch=1&input={"1":null}',
    '/trpc/session.me,session.me?batch=1&input=null',
    `/trpc/${Array(10).fill('clinic.list').join(',')}?batch=1`,
    `/trpc/${Array(11).fill('clinic.list').join(',')}?batch=1`,
    `/trpc/${Array(2000).fill('clinic.list').join(',')}?batch=1`,
    `/trpc/${'x'.repeat(5000)}`,
    `/${'x'.repeat(20_000)}`,
    `/${'%41'.repeat(3000)}`,
    '/api/auth/',
    '/api/auth/../../trpc/session.me',
    '/api/auth/%2e%2e/x',
    '/api/auth/get-session?%',
    '/api/auth/get-session/',
    '/api/auth/callback/github?code=x&state=y',
    '/api/auth/reset-password/x?callbackURL=https://evil.example',
    '/api/auth/verify-email?token=x&callbackURL=https://evil.example',
    '/api/auth/error?error=%3Cscript%3Ealert(1)%3C/script%3E',
    '/metrics',
    '/healthz/..',
  ]

  it('are answered or refused, and never redirected elsewhere', async () => {
    for (const address of addresses)
      for (const method of ['GET', 'POST', 'HEAD'])
        await expectBelow500(requestText(method, address), `${method} ${address.slice(0, 80)}`)
  })

  it('never redirect to another site', async () => {
    for (const address of addresses.filter((one) => one.includes('evil'))) {
      const { text } = await sendRaw(api.url, requestText('GET', address))
      expect(text, address).not.toMatch(/^location: (https?:)?[\\/]{2}evil/im)
    }
  })

  it('generated at random', async () => {
    const piece = fc.constantFrom(
      '/',
      '//',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '%00',
      '%',
      '?',
      '&',
      '=',
      ',',
      ';',
      '\\',
      'trpc',
      'api',
      'auth',
      'staff',
      'assets',
      'session.me',
      'batch=1',
      'input=',
      '{',
      '"',
      '[',
      ']',
      '}',
      '#',
      '@',
      ':',
    )
    const address = fc.array(piece, { maxLength: 14 }).map((pieces) => `/${pieces.join('')}`)
    const settings = { seed: 20261124, numRuns: Number(process.env.VETCITA_FUZZ ?? 60) }
    await fc.assert(
      fc.asyncProperty(address, async (one) => {
        await expectBelow500(requestText('GET', one), one)
      }),
      settings,
    )
  })
})

describe('headers', () => {
  it.each<[string, string[]]>([
    ['a cookie of 100 kB', [`cookie: vetcita.session_token=${'x'.repeat(100_000)}`]],
    ['a cookie of 12 kB', [`cookie: vetcita.session_token=${'x'.repeat(12_000)}`]],
    ['a thousand cookies', [`cookie: ${Array.from({ length: 1000 }, (_, n) => `a${n}=1`).join('; ')}`]],
    ['a cookie with percent signs', ['cookie: vetcita.session_token=%E0%A4%A.%; vetcita.session_token=%']],
    ['a repeated cookie', ['cookie: vetcita.session_token=a.b', 'cookie: vetcita.session_token=c.d']],
    ['bytes that are not text', ['cookie: vetcita.session_token=\x80\xff.\xfe']],
    ['an empty name', [': x']],
    ['a name with blanks', ['x y: z']],
    ['a folded line', ['x-a: b', ' folded']],
    ['2500 lines', Array.from({ length: 2500 }, (_, n) => `x-${n}: 1`)],
    ['prototype names', ['__proto__: x', 'constructor: y', 'prototype: z']],
    ['two clinics', ['x-clinic: lisboa']],
    ['SQL as the clinic', ["x-clinic: x'; drop table pets; --"]],
    [
      'a forged address',
      ['x-forwarded-for: 127.0.0.1', 'x-vetcita-client-address: 127.0.0.1', 'x-real-ip: ::1'],
    ],
    [
      'a forged host',
      ['host: evil.example', 'x-forwarded-host: evil.example', 'forwarded: host=evil.example'],
    ],
    ['another method', ['x-http-method-override: DELETE', 'x-method: DELETE']],
    ['invalid ranges', ['range: bytes=0-0,1-1,-99999999999,5-2']],
    [
      'invalid preferences',
      ['accept-encoding: gzip;q=NaN, br;q=-1, *;q=0', 'accept: a/b;q=x', 'accept-language: \x80'],
    ],
    ['an upgrade', ['upgrade: websocket', 'connection: upgrade', 'sec-websocket-key: x']],
    ['foreign tracing headers', ['traceparent: 00-x-y-z', 'x-trpc-source: <script>']],
  ])('%s', async (name, lines) => {
    for (const address of ['/trpc/session.me', '/api/auth/get-session', '/'])
      await expectBelow500(requestText('GET', address, lines), name)
  })
})

describe('bodies', () => {
  const booking = '/trpc/appointments.book'
  const signIn = '/api/auth/sign-in/email'
  it.each<[string, string[], string]>([
    ['two lengths', [...json, 'content-length: 2', 'content-length: 20'], '{}'],
    [
      'a length and chunks',
      [...json, 'content-length: 2', 'transfer-encoding: chunked'],
      '0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
    ],
    ['broken chunks', [...json, 'transfer-encoding: chunked'], 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a negative length', [...json, 'content-length: -1'], '{}'],
    ['an enormous length', [...json, 'content-length: 99999999999999999999'], '{}'],
    ['a length of two megabytes', [...json, 'content-length: 2097152'], '{}'],
    ['a body declared as compressed', [...json, 'content-encoding: gzip'], '\x1f\x8b\x08\x00\x00'],
    ['a form', ['content-type: application/x-www-form-urlencoded'], 'email=a&password=b'],
    [
      'a multipart form',
      ['content-type: multipart/form-data; boundary=x'],
      '--x\r\ncontent-disposition: form-data; name="__proto__"\r\n\r\n1\r\n--x--',
    ],
    ['bytes', ['content-type: application/octet-stream'], '\x00\xff'],
    ['text that a foreign form can send', ['content-type: text/plain'], '{"email":"a@b.c","password":"x"}'],
    ['an invalid content type', ['content-type: ;;;'], '{}'],
    ['an unusual charset', ['content-type: application/json; charset=utf-7'], '+ADw-'],
    [
      'XML',
      ['content-type: application/xml'],
      '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    ],
    ['bytes that are not UTF-8', json, '{"email":"\xff\xfe","password":"\xc0\xaf"}'],
    ['truncated JSON', json, '{"email":'],
    [
      'a prototype in JSON',
      json,
      '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
    ],
    ['nested 100,000 deep', json, `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['a number with a million digits', json, `{"email":1${'0'.repeat(500_000)}}`],
    ['a repeated key', json, '{"email":"a@b.c","email":{"$ne":null},"password":"x","password":[]}'],
    ['operators', json, '{"email":{"$gt":""},"password":{"$gt":""}}'],
    ['NUL and a lone surrogate', json, '{"email":"a\\u0000@b.co","password":"\\ud800\\u0000"}'],
    ['an enormous email address', json, `{"email":"${'a'.repeat(60_000)}@b.co","password":"x"}`],
    [
      'a redirect to another site',
      json,
      '{"email":"a@b.co","password":"x","callbackURL":"https://evil.example"}',
    ],
    ['a batch with unusual keys', json, '{"0":null,"-1":{},"1e3":[],"__proto__":1}'],
  ])('%s', async (name, lines, body) => {
    for (const address of [
      booking,
      `${booking}?batch=1`,
      signIn,
      '/api/auth/sign-up/email',
      '/api/auth/request-password-reset',
    ])
      await expectBelow500(
        requestText('POST', address, [...lines, `cookie: ${person.cookie}`], body),
        `${name} to ${address}`,
      )
  })

  it('a batch of ten writes is accepted, one of eleven is refused', async () => {
    const batch = (count: number) =>
      requestText(
        'POST',
        `/trpc/${Array(count).fill('pets.create').join(',')}?batch=1`,
        [...json, `cookie: ${person.cookie}`],
        JSON.stringify(
          Object.fromEntries(Array.from({ length: count }, (_, n) => [n, { name: 'x', species: '' }])),
        ),
      )
    expect(await expectBelow500(batch(10), 'ten')).toBe(400)
    expect(await expectBelow500(batch(11), 'eleven')).toBe(400)
  })
})

describe('afterwards', () => {
  it('nothing was written, no prototype was polluted, and the server still serves', async () => {
    expect(await api.rowCounts()).toEqual(before)
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
    expect((await person.at('adris').pets.list.query()).length).toBe(0)
    expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
  })
})
