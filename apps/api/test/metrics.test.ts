import { adris } from '@vetcita/testing/seeded-clinics'
import { asuncion, newKey } from '@vetcita/testing/times'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

const token = 'a-token-that-only-the-tests-know'

let api: TestApi
beforeAll(async () => {
  api = await startApi({ METRICS_TOKEN: token })
})
afterAll(async () => {
  await api.stop()
})

async function metrics(): Promise<string> {
  const response = await fetch(`${api.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  expect(response.headers.get('content-type')).toContain('text/plain')
  return await response.text()
}

test('counts calls by function and by result', async () => {
  const owner = await api.owner('Marta', adris.id)
  const made = await owner.at(adris.id).pets.create.mutate({ name: 'Luna', species: 'dog' })
  if (!made.success) throw new Error(made.message)
  const booking = {
    petId: made.pet.id,
    serviceId: adris.consultation,
    vetId: adris.vet,
    startTime: asuncion(3),
  }
  await owner.at(adris.id).appointments.book.mutate({ ...booking, idempotencyKey: newKey() })
  await owner.at(adris.id).appointments.book.mutate({ ...booking, idempotencyKey: newKey() })

  const text = await metrics()
  const labels = 'procedure="appointments.book",function="book_appointment_atomic"'
  expect(text).toContain(`vetcita_procedure_calls_total{${labels},result="success",code="",sql_state=""} 1\n`)
  expect(text).toContain(
    `vetcita_procedure_calls_total{${labels},result="refused",code="PET_BUSY",sql_state=""} 1\n`,
  )
  expect(text).toContain('vetcita_procedure_duration_seconds_count{procedure="appointments.book"} 2\n')
  expect(text).toContain('process_resident_memory_bytes')
})

test('counts a missing function with its SQLSTATE', async () => {
  const owner = await api.owner('Nora', adris.id)
  await api.admin.query('alter function merge_cart_atomic(uuid, text, jsonb) rename to merge_cart_elsewhere')
  await expect(owner.at(adris.id).store.mergeCart.mutate({ items: [] })).rejects.toThrow()
  await api.admin.query('alter function merge_cart_elsewhere(uuid, text, jsonb) rename to merge_cart_atomic')
  expect(await metrics()).toContain(
    'procedure="store.mergeCart",function="merge_cart_atomic",result="error",code="FUNCTION_MISSING",sql_state="42883"} 1\n',
  )
})

test('refuses requests without the token', async () => {
  expect((await fetch(`${api.url}/metrics`)).status).toBe(403)
  const wrong = { authorization: 'Bearer a-token-that-someone-invented---' }
  expect((await fetch(`${api.url}/metrics`, { headers: wrong })).status).toBe(403)
})
