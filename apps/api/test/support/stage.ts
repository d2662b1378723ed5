import { randomUUID } from 'node:crypto'
import { adris } from '@vetcita/testing/seeded-clinics'
import { asuncion, newKey } from '@vetcita/testing/times'
import { z } from 'zod'
import { type Actors, makeActors, ownersSecret } from './actors.ts'
import { startApi, type TestApi } from './api.ts'
import { type Baseline, takeBaseline } from './baseline.ts'

/** The ids of the pet owner's things and of the clinic's. */
export type Things = {
  pet: string
  /** Scheduled in three days at 10:00 with `vet`. */
  appointment: string
  /** A session of the pet owner. */
  session: string
  vet: string
  service: string
  product: string
  /** A client without an account, their pet, and the token of the link by which they may claim the record. */
  walkIn: string
  walkInPet: string
  claim: string
  /** A receptionist who is not one of the actors. */
  colleague: string
  /** An unused invitation, and the token of its link. */
  invite: string
  inviteLink: string
  timeOff: string
}

export type Stage = { api: TestApi; actors: Actors; things: Things; baseline: Baseline }

/** Is part of every text that only the clinic's staff may read. */
export const staffsSecret = 'zzstaff'

/** Sets up the clinic `adris` with every actor, a pet owner's things, and a secret in everything private. */
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
  const walkIn = randomUUID()
  const walkInPet = randomUUID()
  const colleague = randomUUID()
  await api.admin.query(`
    insert into profiles (tenant_id, id, role, full_name, phone, email) values
      ('adris', '${walkIn}', 'owner', 'Wanda', '${staffsSecret} 1', '${staffsSecret}@example.com'),
      ('adris', '${colleague}', 'receptionist', 'Colleague', null, null);
    insert into pets (tenant_id, id, owner_id, name) values ('adris', '${walkInPet}', '${walkIn}', 'Kira')`)
  const { rows } = await api.admin.query(
    `select (select id from login.session where user_id = $1) as session,
      (select id from vet_time_off where tenant_id = 'adris') as "timeOff",
      invite_client('adris', $2, $3) ->> 'token' as claim, invite_staff('adris', 'vet', null, $3) as invitation`,
    [owner, walkIn, actors('admin').id],
  )
  const [made] = z.tuple([rowMade]).parse(rows)
  return {
    api,
    actors,
    baseline: await takeBaseline(api.admin),
    things: {
      pet,
      appointment,
      session: made.session,
      vet: adris.vet,
      service: adris.consultation,
      product: adris.food,
      walkIn,
      walkInPet,
      claim: made.claim,
      colleague,
      invite: made.invitation.invite_id,
      inviteLink: made.invitation.token,
      timeOff: made.timeOff,
    },
  }
}

const rowMade = z.object({
  session: z.string(),
  timeOff: z.string(),
  claim: z.string(),
  invitation: z.object({ invite_id: z.string(), token: z.string() }),
})

/** Returns ids of things that do not exist. */
export function nothings(): Things {
  const id = randomUUID
  return {
    pet: id(),
    appointment: id(),
    session: id(),
    vet: id(),
    service: id(),
    product: id(),
    walkIn: id(),
    walkInPet: id(),
    claim: id(),
    colleague: id(),
    invite: id(),
    inviteLink: id(),
    timeOff: id(),
  }
}

/** Returns a valid booking for the pet owner's pet. */
export function booking({ pet, service, vet }: Things, time = '11:00') {
  return {
    petId: pet,
    serviceId: service,
    vetId: vet,
    startTime: asuncion(3, time),
    idempotencyKey: newKey(),
  }
}
