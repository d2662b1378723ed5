import { randomUUID } from 'node:crypto'
import * as calls from '@vetcita/testing/sql/calls'
import { codeOf, type Outcome, textOf, user } from '@vetcita/testing/sql/calls'
import { at, type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { slotsOf } from '@vetcita/testing/sql/slots'
import type pg from 'pg'
import { z } from 'zod'
import { bookedAs, changed, movedTo } from './calendar-model.ts'
import { cartOf } from './cart-model.ts'
import { joinedAs } from './membership-model.ts'
import { items, services } from './operations.ts'
import { offers } from './slots-model.ts'
import type { Appointment, Call } from './state.ts'

/** A clinic in the database: the ids of a walk's numbered people, vets, services and items. */
export type RealClinic = {
  clinic: Clinic
  people: readonly string[]
  vets: readonly string[]
  services: readonly string[]
  items: readonly string[]
  /** the first day's midnight, UTC, in milliseconds */
  base: number
}

/** The result of a call, as the model writes it, and the id of the row that it made. */
export type Answer = { answer: string; id: string }

export async function makeClinic(client: pg.Client): Promise<RealClinic> {
  const clinic = await newClinic(client)
  const [second, product, unsold] = [randomUUID(), randomUUID(), randomUUID()]
  await client.query(`
    insert into services (tenant_id, id, name, duration_minutes, buffer_minutes, price)
      values ('${clinic.tenant}', '${second}', 'Cirugía', ${services[1].minutes}, ${services[1].buffer}, 1);
    insert into store_products (tenant_id, id, name, price, stock, is_active) values
      ('${clinic.tenant}', '${product}', 'Pelota', 1, 5, true), ('${clinic.tenant}', '${unsold}', 'Viejo', 1, 5, false)`)
  return {
    clinic,
    people: [clinic.owner, clinic.otherOwner, clinic.receptionist, clinic.vet, randomUUID()],
    vets: [clinic.vet, clinic.otherVet, clinic.receptionist],
    services: [clinic.service, second],
    items: [clinic.product, product, clinic.service, unsold],
    base: Date.parse(at(5, '00:00')),
  }
}

/**
 * Makes a call as the actor, with claims as PostgREST sets them.
 *
 * @throws the database's error; in a walk there must be none
 */
export async function perform(real: RealClinic, client: pg.Client, call: Call): Promise<Answer> {
  const { clinic, base } = real
  const instant = (minutes: number) => new Date(base + minutes * 60_000).toISOString()
  const minutes = (outcome: Outcome, key: string) => (Date.parse(textOf(outcome, key)) - base) / 60_000
  const one = (list: readonly string[], n: number) => z.string().parse(list[n])
  const actor = 'actor' in call ? one(real.people, call.actor) : ''
  const answered = (outcome: Outcome, id: string, text: () => string): Answer => ({
    answer: outcome.success ? `${text()}${outcome.replayed === true ? ' replayed' : ''}` : codeOf(outcome),
    id,
  })
  switch (call.kind) {
    case 'book': {
      const outcome = await calls.book(client, user(actor), {
        p_tenant_id: clinic.tenant,
        p_pet_id: one([clinic.pet, clinic.otherPet], call.pet),
        p_service_id: one(real.services, call.service),
        p_vet_id: one(real.vets, call.vet),
        p_start_time: instant(call.start),
        p_duration_minutes: call.minutes,
        p_idempotency_key: call.key === null ? null : `key ${call.key}`,
      })
      const id = outcome.success ? textOf(outcome, 'appointment_id') : ''
      const row = () => ({ ...timesOf(outcome, minutes, 'start_time', 'end_time'), ...stateOf(outcome) })
      return answered(outcome, id, () => bookedAs(id, row()))
    }
    case 'move': {
      const outcome = await calls.reschedule(client, user(actor), {
        p_appointment_id: call.target,
        p_new_start_time: instant(call.start),
        p_performed_by: actor,
        p_is_staff: call.asStaff,
        p_new_vet_id: call.vet === null ? null : one(real.vets, call.vet),
        p_expected_version: call.expectedVersion,
      })
      return answered(outcome, call.target, () =>
        movedTo(textOf(outcome, 'appointment_id'), {
          ...timesOf(outcome, minutes, 'new_start_time', 'new_end_time'),
          ...stateOf(outcome),
          vet: real.vets.indexOf(textOf(outcome, 'vet_id')),
        }),
      )
    }
    case 'status': {
      const outcome = await calls.changeStatus(client, user(actor), {
        p_appointment_id: call.target,
        p_new_status: call.status,
        p_performed_by: actor,
        p_is_staff: call.asStaff,
        p_expected_version: call.expectedVersion,
      })
      const row = () => ({ ...blank, ...stateOf(outcome) })
      return answered(outcome, call.target, () =>
        changed(textOf(outcome, 'appointment_id'), textOf(outcome, 'old_status'), row()),
      )
    }
    case 'merge': {
      const outcome = await calls.mergeCart(client, user(actor), {
        p_customer_id: actor,
        p_tenant_id: clinic.tenant,
        p_new_items: call.lines.map(({ item, quantity }) => ({
          type: items[item]?.type,
          id: one(real.items, item),
          quantity,
        })),
      })
      return answered(outcome, '', () => cartText(real, outcome))
    }
    case 'setItem': {
      const outcome = await calls.setCartItem(client, user(actor), {
        p_customer_id: actor,
        p_tenant_id: clinic.tenant,
        p_type: items[call.item]?.type ?? '',
        p_id: one(real.items, call.item),
        p_quantity: call.quantity,
        p_mode: call.mode,
      })
      return answered(outcome, '', () => cartText(real, outcome))
    }
    case 'slots': {
      const day = instant(call.day * 1440).slice(0, 10)
      const found = await slotsOf(client, user(actor), clinic, {
        from: day,
        to: day,
        step: call.step,
        service: one(real.services, call.service),
        ...(call.vet === null ? {} : { vet: one(real.vets, call.vet) }),
        ...(call.appointment === null ? {} : { appointment: call.target }),
      })
      const inMinutes = found.map(({ vet, start, end }) => ({
        vet: real.vets.indexOf(vet),
        start: (Date.parse(start) - base) / 60_000,
        end: (Date.parse(end) - base) / 60_000,
      }))
      return { answer: offers(inMinutes), id: '' }
    }
    case 'join': {
      const outcome = await calls.call(client, user(actor), 'join_clinic', {
        p_tenant_id: clinic.tenant,
        p_full_name: 'Newcomer',
      })
      return answered(outcome, '', () => joinedAs(textOf(outcome, 'role'), outcome.joined === true))
    }
    case 'hire': {
      const invite = await calls.call(client, user(clinic.admin), 'invite_staff', {
        p_tenant_id: clinic.tenant,
        p_role: 'receptionist',
      })
      const outcome = await calls.call(client, user(clinic.receptionist), 'accept_staff_invite', {
        p_tenant_id: clinic.tenant,
        p_token: textOf(invite, 'token'),
        p_full_name: 'Receptionist',
      })
      return answered(outcome, '', () => `is ${textOf(outcome, 'role')}`)
    }
    case 'dismiss': {
      const outcome = await calls.call(client, user(clinic.admin), 'set_staff_role', {
        p_tenant_id: clinic.tenant,
        p_profile_id: clinic.receptionist,
        p_role: 'owner',
      })
      return answered(outcome, '', () => `is ${textOf(outcome, 'role')}`)
    }
    case 'setNotice':
      await client.query(
        `update tenants set change_notice_minutes = ${call.minutes} where id = '${clinic.tenant}'`,
      )
      return { answer: 'done', id: '' }
    default:
      await client.query(changeOfCalendar(real, call, one(real.vets, 'vet' in call ? call.vet : 0), instant))
      return { answer: 'done', id: '' }
  }
}

/** Time off and hours have no function; the API writes them as staff, in one transaction, as here. */
function changeOfCalendar(
  { clinic, base }: RealClinic,
  call: Extract<Call, { kind: 'takeTimeOff' | 'endTimeOff' | 'setHours' }>,
  vet: string,
  instant: (minutes: number) => string,
): string {
  if (call.kind === 'takeTimeOff')
    return `insert into vet_time_off (tenant_id, id, vet_id, start_time, end_time) values ('${clinic.tenant}',
      '${call.target}', '${vet}', '${instant(call.start)}', '${instant(call.start + call.minutes)}')`
  if (call.kind === 'endTimeOff')
    return `delete from vet_time_off where tenant_id = '${clinic.tenant}' and id = '${call.target}'`
  const weekday = new Date(base + call.day * 86_400_000).getUTCDay() || 7
  const clock = (minute: number) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`
  const clear = `delete from vet_hours where tenant_id = '${clinic.tenant}' and vet_id = '${vet}' and weekday = ${weekday}`
  if (call.hours === null) return clear
  // Lock first: a delete of no row locks nothing, and two callers that set the same day would both insert.
  return `select from profiles where tenant_id = '${clinic.tenant}' and id = '${vet}' for no key update; ${clear};
    insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
      values ('${clinic.tenant}', '${vet}', ${weekday}, '${clock(call.hours[0])}', '${clock(call.hours[1])}')`
}

const blank: Appointment = { pet: 0, vet: 0, start: 0, end: 0, busyUntil: 0, status: '', version: 0 }

function timesOf(
  outcome: Outcome,
  minutes: (outcome: Outcome, key: string) => number,
  start: string,
  end: string,
): Appointment {
  return { ...blank, start: minutes(outcome, start), end: minutes(outcome, end) }
}

function stateOf(outcome: Outcome): { status: string; version: number } {
  return { status: textOf(outcome, 'status'), version: z.int().parse(outcome.version) }
}

const lines = z.array(z.object({ id: z.string(), quantity: z.int() }))
const cart = z.object({
  items: lines,
  item_count: z.int(),
  changes: z.object({ added: lines, raised: lines, unchanged: lines, rejected: lines }).optional(),
})

function cartText(real: RealClinic, outcome: Outcome): string {
  const { items: held, item_count, changes } = cart.parse(outcome)
  if (item_count !== held.length) return `item_count is ${item_count} and there are ${held.length} lines`
  const numbered = (of: z.infer<typeof lines>) =>
    of.map(({ id, quantity }) => ({ item: real.items.indexOf(id), quantity }))
  return cartOf(
    numbered(held),
    changes && {
      added: numbered(changes.added),
      raised: numbered(changes.raised),
      unchanged: numbered(changes.unchanged),
      rejected: numbered(changes.rejected),
    },
  )
}
