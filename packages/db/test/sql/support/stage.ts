import { randomBytes } from 'node:crypto'
import { type Caller, callText, codeOf, outcomeOf } from '@vetcita/testing/sql/calls'
import { at, booked, type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import type { TestDatabase } from '@vetcita/testing/sql/database'
import type pg from 'pg'
import { afterAll } from 'vitest'

/** Login roles of one test file, which are dropped after it. */
export type Logins = {
  /** inherits authenticated's rights, as an older backend may */
  inheriting: string
  /** a member of service_role */
  backend: string
  /** PostgREST's login: a member of all three */
  authenticator: string
  /** a member of no role */
  stranger: string
}

/** A clinic with an appointment, and the functions' answers to any caller and login. */
export type Stage = {
  clinic: Clinic
  appointmentId: string
  client: pg.Client
  logins: Logins
  /** Returns a call of each function that takes the caller's id, with that id, on the pet owner's data. */
  calls(actor: string | null): Record<keyof Answers, string>
  /** Returns every function's answer to that caller, each in a transaction that is rolled back. */
  answers(caller: Caller, actor: string | null, login?: string | null): Promise<Answers>
  /** Runs `run` as that caller, and rolls it back. */
  rolledBack<T>(caller: Caller, login: string | null, run: () => Promise<T>): Promise<T>
}

export type Answers = {
  book: string
  reschedule: string
  changeStatus: string
  mergeCart: string
  setCartItem: string
}

/** Returns the same answer for every function. */
export function all(code: string): Answers {
  return { book: code, reschedule: code, changeStatus: code, mergeCart: code, setCartItem: code }
}

/** Prepares the stage; the roles are dropped after the file's last test. */
export async function setStage(db: TestDatabase): Promise<Stage> {
  const suffix = randomBytes(4).toString('hex')
  const logins: Logins = {
    inheriting: `inherits_${suffix}`,
    backend: `backend_${suffix}`,
    authenticator: `authenticator_${suffix}`,
    stranger: `stranger_${suffix}`,
  }
  const { inheriting, backend, authenticator, stranger } = logins
  const clinic = await newClinic(db.admin)
  const appointmentId = await booked(db.admin, clinic)
  const client = await db.connect()
  await db.admin.query(`
    create role ${inheriting} login inherit; grant authenticated to ${inheriting};
    create role ${backend} login noinherit; grant service_role to ${backend};
    create role ${authenticator} login noinherit; grant anon, authenticated, service_role to ${authenticator};
    create role ${stranger} login;
    grant execute on all functions in schema public to ${backend}, ${authenticator}`)
  afterAll(async () => {
    await db.admin.query(`
      drop owned by ${backend}, ${authenticator};
      drop role ${inheriting}, ${backend}, ${authenticator}, ${stranger}`)
  })

  const rolledBack = async <T>(caller: Caller, login: string | null, run: () => Promise<T>): Promise<T> => {
    await client.query('begin')
    try {
      if (login !== null) await client.query(`set local session authorization ${login}`)
      if (caller.claims !== undefined)
        await client.query(`select set_config('request.jwt.claims', $1, true)`, [caller.claims])
      if (caller.role !== undefined) await client.query(`set local role ${caller.role}`)
      return await run()
    } finally {
      await client.query('rollback')
    }
  }

  const calls = (actor: string | null) => callsOf(clinic, appointmentId, actor)
  const answers = async (caller: Caller, actor: string | null, login: string | null = null) => {
    const answer = (text: string) =>
      rolledBack(caller, login, async () => codeOf(await outcomeOf(client, `select ${text} as outcome`)))
    const texts = calls(actor)
    return {
      book: await answer(texts.book),
      reschedule: await answer(texts.reschedule),
      changeStatus: await answer(texts.changeStatus),
      mergeCart: await answer(texts.mergeCart),
      setCartItem: await answer(texts.setCartItem),
    }
  }
  return { clinic, appointmentId, client, logins, calls, answers, rolledBack }
}

function callsOf(clinic: Clinic, appointmentId: string, actor: string | null): Record<keyof Answers, string> {
  return {
    book: callText('book_appointment_atomic', {
      p_tenant_id: clinic.tenant,
      p_pet_id: clinic.pet,
      p_service_id: clinic.service,
      p_vet_id: clinic.vet,
      p_start_time: at(9, '10:00'),
      p_booked_by: actor,
    }),
    reschedule: callText('reschedule_appointment_atomic', {
      p_appointment_id: appointmentId,
      p_new_start_time: at(9, '12:00'),
      p_performed_by: actor,
    }),
    changeStatus: callText('change_appointment_status_atomic', {
      p_appointment_id: appointmentId,
      p_new_status: 'cancelled',
      p_performed_by: actor,
    }),
    mergeCart: callText('merge_cart_atomic', {
      p_customer_id: actor,
      p_tenant_id: clinic.tenant,
      p_new_items: [{ type: 'product', id: clinic.product, quantity: 1 }],
    }),
    setCartItem: callText('set_cart_item_atomic', {
      p_customer_id: actor,
      p_tenant_id: clinic.tenant,
      p_type: 'product',
      p_id: clinic.product,
      p_quantity: 1,
    }),
  }
}
