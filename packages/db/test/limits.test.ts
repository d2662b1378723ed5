import { appointmentStatuses, limits, roles } from '@vetcita/contracts'
import { expect, it } from 'vitest'
import { apiDatabase } from './support/api-database.ts'

const { admin } = await apiDatabase()

const bounds = ({ min, max }: { min: number; max: number }) => [min, max]

it.each([
  ['tenants', 'name', [1, limits.clinicName]],
  ['tenants', 'change_notice_minutes', bounds(limits.changeNotice)],
  ['profiles', 'full_name', [1, limits.personName]],
  ['profiles', 'email', [3, limits.email]],
  ['profiles', 'phone', bounds(limits.phone)],
  ['pets', 'name', [1, limits.petName]],
  ['pets', 'species', [1, limits.species]],
  ['services', 'name', [1, limits.serviceName]],
  ['services', 'duration_minutes', bounds(limits.serviceDuration)],
  ['services', 'buffer_minutes', bounds(limits.serviceBuffer)],
  ['appointments', 'reason', [limits.appointmentReason]],
  ['appointments', 'cancellation_reason', [limits.appointmentReason]],
  ['appointments', 'notes', [limits.appointmentNotes]],
  ['vet_time_off', 'reason', [limits.timeOffReason]],
  ['store_products', 'name', [1, limits.productName]],
  ['store_products', 'description', [limits.productDescription]],
  ['store_products', 'category', [1, limits.productCategory]],
  ['cart_items', 'quantity', [1, limits.cartQuantity]],
])('the limit of %s.%s in the contracts equals the database’s', async (table, column, expected) => {
  const checks = await checksOf(table, column)
  expect(checks.map((check) => [...check.matchAll(/\d+/g)].map(Number))).toEqual([expected])
})

it.each([
  ['appointments', 'status', appointmentStatuses],
  ['profiles', 'role', roles],
])('the values of %s.%s in the contracts equal the database’s', async (table, column, expected) => {
  const checks = await checksOf(table, column)
  const known = checks.flatMap((check) => [...check.matchAll(/'(\w+)'/g)].map(([, value]) => value))
  expect(known.toSorted()).toEqual(expected.toSorted())
})

it('the range and steps of a slot search in the contracts equal the database’s', async () => {
  const search = (days: number, step: number) =>
    admin.query(
      `select from available_slots('nowhere', gen_random_uuid(), '2030-01-01', date '2030-01-01' + $1::integer, null, $2)`,
      [days - 1, step],
    )
  const { slotSearchDays, slotStep } = limits
  await search(slotSearchDays, slotStep.min)
  await search(slotSearchDays, slotStep.max)
  for (const [days, step] of [
    [slotSearchDays + 1, slotStep.min],
    [1, slotStep.min - 1],
    [1, slotStep.max + 1],
  ] as const) {
    await expect(search(days, step)).rejects.toMatchObject({ code: '22023' })
  }
})

/** Returns the check constraints on this column alone. */
async function checksOf(table: string, column: string): Promise<string[]> {
  const { rows } = await admin.query<{ definition: string }>(
    `select pg_get_constraintdef(c.oid) as definition
     from pg_constraint c
     join pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
     where c.contype = 'c' and c.conrelid = $1::regclass and a.attname = $2`,
    [table, column],
  )
  return rows.map(({ definition }) => definition)
}
