import { changeStatus, codeOf, mergeCart, setCartItem, user } from '@vetcita/testing/sql/calls'
import { booked, type Clinic, fromNow, inserted, newClinic } from '@vetcita/testing/sql/clinic'
import { fileDatabase } from '@vetcita/testing/sql/database'
import { describe, expect, test } from 'vitest'
import { type Interleaving, interleave } from './support/waiting.ts'

// What a function read before it waited may be out of date: each test changes the data while the call waits for its lock.

const db = await fileDatabase()

const lockVet = (clinic: Clinic, vet = clinic.vet) =>
  `select from profiles where tenant_id = '${clinic.tenant}' and id = '${vet}' for no key update`
const setProfile = (clinic: Clinic, id: string, change: string) =>
  `update profiles set ${change} where tenant_id = '${clinic.tenant}' and id = '${id}'`

describe('a status change that waits', () => {
  const waits = async (clinic: Clinic, id: string, to: string, interleaving: Omit<Interleaving, 'call'>) =>
    codeOf(
      await interleave(db, {
        ...interleaving,
        call: (client) =>
          changeStatus(client, user(clinic.receptionist), {
            p_appointment_id: id,
            p_new_status: to,
            p_performed_by: clinic.receptionist,
            p_is_staff: true,
          }),
      }),
    )
  const lockRow = (id: string) => `select from appointments where id = '${id}' for update`

  test('for the row sees that the actor was demoted or that the status has changed', async () => {
    for (const [whileWaiting, code] of [
      [(c: Clinic) => setProfile(c, c.receptionist, `role = 'owner'`), 'NOT_FOUND'],
      [
        (c: Clinic) => `update appointments set status = 'cancelled' where tenant_id = '${c.tenant}'`,
        'INVALID_TRANSITION',
      ],
      [
        (c: Clinic) => `update appointments set status = 'confirmed' where tenant_id = '${c.tenant}'`,
        'replayed',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await booked(db.admin, clinic)
      expect(
        await waits(clinic, id, 'confirmed', { hold: lockRow(id), whileWaiting: whileWaiting(clinic) }),
      ).toBe(code)
    }
  })

  test('for the vet, to check in a no-show, sees that the slot was taken or that the vet has changed', async () => {
    for (const [whileWaiting, code] of [
      [
        (c: Clinic) =>
          `insert into appointments (tenant_id, vet_id, pet_id, service_id, start_time, end_time) values ('${c.tenant}', '${c.vet}', '${c.otherPet}', '${c.service}', now() - interval '5 minutes', now() + interval '5 minutes')`,
        'SLOT_UNAVAILABLE',
      ],
      [
        (c: Clinic) =>
          `update appointments set vet_id = '${c.otherVet}' where tenant_id = '${c.tenant}' and vet_id = '${c.vet}'`,
        'STALE_VERSION',
      ],
    ] as const) {
      const clinic = await newClinic(db.admin)
      const id = await inserted(db.admin, clinic, fromNow(-10), { status: 'no_show' })
      const interleaving = { hold: lockVet(clinic), whileWaiting: whileWaiting(clinic) }
      expect(await waits(clinic, id, 'checked_in', interleaving)).toBe(code)
    }
  })
})

describe('a cart that waits for its row', () => {
  const lockCart = (c: Clinic) =>
    `insert into carts (tenant_id, customer_id) values ('${c.tenant}', '${c.owner}') on conflict (tenant_id, customer_id) do update set updated_at = now()`
  const line = (c: Clinic) => [{ type: 'product', id: c.product, quantity: 2 }]
  const merge = (c: Clinic, whileWaiting: string) =>
    interleave(db, {
      hold: lockCart(c),
      call: (client) =>
        mergeCart(client, user(c.owner), {
          p_customer_id: c.owner,
          p_tenant_id: c.tenant,
          p_new_items: line(c),
        }),
      whileWaiting,
    })

  test('includes the first merge, which waits for a cart that another transaction is inserting', async () => {
    const clinic = await newClinic(db.admin)
    const other = `insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity) values ('${clinic.tenant}', '${clinic.owner}', 'service', '${clinic.service}', 3)`
    expect(await merge(clinic, other)).toMatchObject({ success: true, item_count: 2 })
  })

  test('sees that the customer was deleted or that the item was withdrawn', async () => {
    const clinic = await newClinic(db.admin)
    expect(codeOf(await merge(clinic, setProfile(clinic, clinic.owner, 'deleted_at = now()')))).toBe(
      'CUSTOMER_NOT_FOUND',
    )
    const other = await newClinic(db.admin)
    const withdraw = `update store_products set is_active = false where tenant_id = '${other.tenant}'`
    expect(await merge(other, withdraw)).toMatchObject({
      success: true,
      item_count: 0,
      changes: { rejected: [{ id: other.product }] },
    })
    const third = await newClinic(db.admin)
    const outcome = await interleave(db, {
      hold: lockCart(third),
      call: (client) =>
        setCartItem(client, user(third.owner), {
          p_customer_id: third.owner,
          p_tenant_id: third.tenant,
          p_type: 'product',
          p_id: third.product,
          p_quantity: 1,
        }),
      whileWaiting: `update store_products set deleted_at = now() where tenant_id = '${third.tenant}'`,
    })
    expect(codeOf(outcome)).toBe('ITEM_NOT_FOUND')
  })
})
