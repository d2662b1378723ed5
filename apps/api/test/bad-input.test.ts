import http from 'node:http'
import { limits } from '@vetcita/contracts'
import { adris } from '@vetcita/testing/seeded-clinics'
import { asuncion, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startApi, type TestApi } from './support/api.ts'
import type { Person } from './support/person.ts'

let api: TestApi
let maria: Person
let pet: string
let before: Record<string, unknown>

beforeAll(async () => {
  api = await startApi()
  maria = await api.owner('Maria', 'adris')
  const made = await maria.at('adris').pets.create.mutate({ name: 'Luna', species: 'dog' })
  if (!made.success) throw new Error(made.error)
  pet = made.pet.id
  before = await api.rowCounts()
})
afterAll(() => api.stop())

const envelope = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({
      code: z.string(),
      httpStatus: z.number(),
      reason: z.string().nullable(),
      fields: z.array(z.object({ path: z.string(), message: z.string() })),
    }),
  }),
})

/** Posts a body as it is, which a typed client would not do. */
async function post(
  procedure: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return maria.fetch(`/trpc/${procedure}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-clinic': 'adris', ...headers },
    body,
  })
}

/** Returns the answer to a refused body: the HTTP status, the code and the invalid fields. */
async function refusal(response: Response): Promise<[number, string, string[]]> {
  const text = await response.text()
  expect(text).not.toMatch(/ at .*\.ts|stack|node_modules|select |insert |prisma/i)
  const { error } = envelope.parse(JSON.parse(text))
  expect(error.data.httpStatus).toBe(response.status)
  return [response.status, error.data.code, error.data.fields.map((field) => field.path)]
}

const booking = () => ({
  petId: pet,
  serviceId: adris.consultation,
  vetId: adris.vet,
  startTime: asuncion(3),
  idempotencyKey: newKey(),
})

describe('bad input is a clear 4xx, never a 500, and writes nothing', () => {
  const wrong: Array<[string, Record<string, unknown>, string]> = [
    ['an id that is not a UUID', { petId: "1' or '1'='1" }, 'petId'],
    ['an empty id', { serviceId: '' }, 'serviceId'],
    ['a missing vet', { vetId: undefined }, 'vetId'],
    ['a date without an offset', { startTime: '2030-01-01T10:00:00' }, 'startTime'],
    ['a day that does not exist', { startTime: '2030-02-30T10:00:00Z' }, 'startTime'],
    ['the year 10000', { startTime: '10000-01-01T10:00:00Z' }, 'startTime'],
    ['the year 0', { startTime: '0000-01-01T10:00:00Z' }, 'startTime'],
    ['an offset that no time zone has', { startTime: '2030-01-01T10:00:00+23:00' }, 'startTime'],
    ['a duration of zero', { durationMinutes: 0 }, 'durationMinutes'],
    ['half a minute', { durationMinutes: 7.5 }, 'durationMinutes'],
    ['an endless duration', { durationMinutes: 1e300 }, 'durationMinutes'],
    ['a reason with NUL', { reason: 'a\u0000b' }, 'reason'],
    ['half a surrogate pair', { notes: '\ud800' }, 'notes'],
    ['a reason that is too long', { reason: 'x'.repeat(limits.appointmentReason + 1) }, 'reason'],
    ['a key with spaces', { idempotencyKey: 'not a key' }, 'idempotencyKey'],
    ['no key', { idempotencyKey: undefined }, 'idempotencyKey'],
    ['an array for a text', { reason: ['x'] }, 'reason'],
  ]
  it.each(wrong)('%s', async (_name, change, field) => {
    const response = await post('appointments.book', JSON.stringify({ ...booking(), ...change }))
    const [status, code, fields] = await refusal(response)
    expect([status, code, [...new Set(fields)]]).toEqual([400, 'BAD_REQUEST', [field]])
  })

  it.each([
    ['unknown ids', { petId: '11111111-1111-1111-1111-111111111111' }, 'PET_NOT_FOUND'],
    ['a past time', { startTime: '2020-01-01T10:00:00Z' }, 'INVALID_TIME'],
    ['the year 9999', { startTime: '9999-12-31T23:59:59Z' }, 'INVALID_TIME'],
    ['the year 1', { startTime: '0001-01-01T00:00:00Z' }, 'INVALID_TIME'],
    [
      'a time whose offset pushes it past the year 9999',
      { startTime: '9999-12-31T23:59:59-14:00' },
      'INVALID_TIME',
    ],
    [
      'a time whose offset pushes it before the year 1',
      { startTime: '0001-01-01T00:00:00+14:00' },
      'INVALID_TIME',
    ],
  ])('%s', async (_name, change, error) => {
    const outcome = await maria.at('adris').appointments.book.mutate({ ...booking(), ...change })
    expect(outcome).toMatchObject({ success: false, error })
  })

  it.each([
    ['malformed JSON', '{"petId":'],
    ['a form', 'petId=1'],
    ['an empty text', ''],
    ['null', 'null'],
    ['a number', '42'],
    ['an array', '[]'],
    ['a prototype', '{"__proto__":{"petId":"x"},"constructor":{"prototype":{}}}'],
  ])('%s as the body', async (_name, body) => {
    expect((await refusal(await post('appointments.book', body))).slice(0, 2)).toEqual([400, 'BAD_REQUEST'])
  })

  it('refuses a body of 10 MB with 413', async () => {
    const body = JSON.stringify({ ...booking(), reason: 'x'.repeat(10 * 1024 * 1024) })
    expect(await postRaw(body)).toMatchObject({ status: 413, code: 'PAYLOAD_TOO_LARGE' })
  })

  it('refuses a body of another type with 415', async () => {
    const response = await post('appointments.book', 'x', { 'content-type': 'text/plain' })
    expect((await refusal(response)).slice(0, 2)).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  it('answers 404 for an unknown procedure and 405 for the wrong method', async () => {
    expect((await refusal(await post('appointments.steal', '{}'))).slice(0, 2)).toEqual([404, 'NOT_FOUND'])
    const got = await maria.fetch('/trpc/appointments.book?input={}', { headers: { 'x-clinic': 'adris' } })
    expect((await refusal(got)).slice(0, 2)).toEqual([405, 'METHOD_NOT_SUPPORTED'])
  })

  it('refuses a batch of a hundred calls', async () => {
    const names = Array.from({ length: 100 }, () => 'clinic.list').join(',')
    const response = await maria.fetch(`/trpc/${names}?batch=1`)
    expect(response.status).toBe(400)
  })

  it.each([
    [
      'slots over 63 days',
      'slots.available',
      { serviceId: adris.consultation, from: '2030-01-01', to: '2030-03-05' },
    ],
    [
      'slots backwards',
      'slots.available',
      { serviceId: adris.consultation, from: '2030-01-02', to: '2030-01-01' },
    ],
    ['slots of nothing', 'slots.available', { from: '2030-01-01', to: '2030-01-01' }],
    [
      'a grid of a second',
      'slots.available',
      { serviceId: adris.consultation, from: '2030-01-01', to: '2030-01-01', stepMinutes: 0 },
    ],
    [
      'slots of the year 9999',
      'slots.available',
      { serviceId: adris.consultation, from: '9999-12-30', to: '9999-12-31' },
    ],
    [
      'slots of the year 1',
      'slots.available',
      { serviceId: adris.consultation, from: '0001-01-01', to: '0001-01-01' },
    ],
    ['a forged cursor', 'appointments.mine', { when: 'past', cursor: "x'_; drop table pets" }],
    ['a day that does not exist', 'appointments.mine', { when: 'yesterday' }],
  ])('%s', async (_name, procedure, input) => {
    const query = encodeURIComponent(JSON.stringify(input))
    const response = await maria.fetch(`/trpc/${procedure}?input=${query}`, {
      headers: { 'x-clinic': 'adris' },
    })
    expect((await refusal(response)).slice(0, 2)).toEqual([400, 'BAD_REQUEST'])
  })

  it.each([
    ['no array', { items: {} }],
    ['quantity 0', { items: [{ type: 'product', id: adris.food, quantity: 0 }] }],
    ['quantity 100', { items: [{ type: 'product', id: adris.food, quantity: 100 }] }],
    ['another type', { items: [{ type: 'pet', id: adris.food, quantity: 1 }] }],
    [
      '201 items',
      { items: Array.from({ length: 201 }, () => ({ type: 'product', id: adris.food, quantity: 1 })) },
    ],
  ])('a cart with %s', async (_name, input) => {
    const [status, code] = await refusal(await post('store.mergeCart', JSON.stringify(input)))
    expect([status, code]).toEqual([400, 'BAD_REQUEST'])
  })

  it('refuses an empty name for a pet', async () => {
    const response = await post('pets.create', JSON.stringify({ name: '   ', species: 'dog' }))
    expect(await refusal(response)).toEqual([400, 'BAD_REQUEST', ['name']])
  })

  it('wrote nothing for any of these', async () => {
    expect(await api.rowCounts()).toEqual(before)
  })
})

describe('unusual but valid input', () => {
  it('keeps emoji, quotes and other scripts unchanged', async () => {
    const name = "Ñandú 🐕 O'Hara \\ %s $1 ; --"
    const made = await maria.at('adris').pets.create.mutate({ name, species: "gato'" })
    expect(made).toMatchObject({ success: true, pet: { name, species: "gato'" } })
  })
})

/** Posts a body and reads the answer even if it comes before the body is sent, where `fetch` gives up. */
function postRaw(body: string): Promise<{ status: number; code: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(api.url)
    const request = http.request({
      hostname,
      port,
      path: '/trpc/appointments.book',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-clinic': 'adris',
        cookie: maria.cookie,
      },
    })
    request.on('response', (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => {
        const { error } = envelope.parse(JSON.parse(text))
        resolve({ status: response.statusCode ?? 0, code: error.data.code })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
