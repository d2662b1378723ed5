import { randomUUID } from 'node:crypto'
import { type Actors, makeActors, ownersSecret } from './actors.ts'
import { startApi, type TestApi } from './api.ts'
import { type Baseline, takeBaseline } from './baseline.ts'
import { adris } from './clinics.ts'
import { asuncion, newKey } from './times.ts'

/** What the owner has at the clinic, and what the clinic has, by its id; another test's ids of nothing look the same. */
export type Things = {
  pet: string
  /** scheduled in three days at ten with `vet` */
  appointment: string
  /** a session of the caller's own would do; this one is the owner's */
  session: string
  vet: string
  service: string
  product: string
}

export type Stage = { api: TestApi; actors: Actors; things: Things; baseline: Baseline }

/** Stands in whatever only the clinic's staff may read. */
export const staffsSecret = 'zzstaff'

/** The clinic `adris` with every actor, an owner's pet, appointment and cart, and secrets in all that is private. */
export async function openStage(): Promise<Stage> {
  const api = await startApi()
  const actors = await makeActors(api)
  const owner = actors('owner').id
  const pet = randomUUID()
  const appointment = randomUUID()
  await api.admin.query(`
    insert into pets (tenant_id, id, owner_id, name, species)
      values ('adris', '${pet}', '${owner}', 'Luna ${ownersSecret}', 'dog');
    insert into appointments (tenant_id, id, pet_id, service_id, vet_id, start_time, end_time, status, reason, notes, created_by)
      values ('adris', '${appointment}', '${pet}', '${adris.consultation}', '${adris.vet}', '${asuncion(3)}',
        '${asuncion(3, '10:30')}', 'scheduled', '${ownersSecret}', '${staffsSecret}', '${owner}');
    insert into carts (tenant_id, customer_id) values ('adris', '${owner}');
    insert into cart_items (tenant_id, customer_id, item_type, item_id, quantity)
      values ('adris', '${owner}', 'product', '${adris.food}', 17);
    insert into vet_time_off (tenant_id, vet_id, start_time, end_time, reason)
      values ('adris', '${adris.vet}', '${asuncion(40)}', '${asuncion(41)}', '${staffsSecret}');
    update profiles set email = 'ana@${staffsSecret}.example', phone = '${staffsSecret}' where id = '${adris.vet}';
    update services set name = 'Antigua ${staffsSecret}' where id = '${adris.retiredService}';
    update store_products set name = 'Viejo ${staffsSecret}' where id = '${adris.retiredProduct}'`)
  const session = await api.admin.query<{ id: string }>('select id from login.session where user_id = $1', [
    owner,
  ])
  return {
    api,
    actors,
    baseline: await takeBaseline(api.admin),
    things: {
      pet,
      appointment,
      session: session.rows[0]?.id ?? '',
      vet: adris.vet,
      service: adris.consultation,
      product: adris.food,
    },
  }
}

/** The same things, none of which exists. */
export function nothings(): Things {
  return {
    pet: randomUUID(),
    appointment: randomUUID(),
    session: randomUUID(),
    vet: randomUUID(),
    service: randomUUID(),
    product: randomUUID(),
  }
}

/** A booking for the owner's pet that could be made. */
export function booking({ pet, service, vet }: Things, time = '11:00') {
  return {
    petId: pet,
    serviceId: service,
    vetId: vet,
    startTime: asuncion(3, time),
    idempotencyKey: newKey(),
  }
}
