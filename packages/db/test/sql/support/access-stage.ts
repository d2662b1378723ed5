import { randomUUID } from 'node:crypto'
import { backend, becomeText, type Caller, call, textOf, user, visitor } from '@vetcita/testing/sql/calls'
import { at, booked, type Clinic } from '@vetcita/testing/sql/clinic'
import { sqlState, type TestDatabase } from '@vetcita/testing/sql/database'
import { filledClinic } from './filled-clinic.ts'

/** The columns of the access matrix. Every caller of a column must get the same result. */
export const columns = [
  'anon',
  'claimless',
  'outsider',
  'owner',
  'other',
  'receptionist',
  'vet',
  'admin',
  'service',
] as const

export type Column = (typeof columns)[number]

/** The ids that calls refer to. */
export type Things = Clinic & {
  appointment: string
  /** a client without an account, and the link by which they may claim their record */
  walkIn: string
  claim: string
  /** a receptionist who is not one of the callers */
  colleague: string
  /** an unused invitation, and the token of its link */
  invite: string
  inviteLink: string
}

export type AccessStage = {
  things: Things
  elsewhere: Things
  /** the callers of each column, with a name for messages */
  callers: Readonly<Record<Column, ReadonlyArray<readonly [name: string, caller: Caller]>>>
  /** Runs `run` as that caller, with foreign keys and triggers disabled, and rolls it back. */
  as<T>(caller: Caller, run: () => Promise<T>): Promise<T>
  /** Runs a statement inside `as`; returns its SQLSTATE, the number of its rows, and their first columns. */
  attempt(sql: string, values?: unknown[]): Promise<{ state: string; count: number; rows: unknown[] }>
}

/** Makes two similar clinics with rows in every table. */
export async function accessStage(db: TestDatabase): Promise<AccessStage> {
  const things = await filled(db)
  const elsewhere = await filled(db)
  const gone = randomUUID()
  await db.rows(
    `insert into profiles (tenant_id, id, role, full_name, deleted_at) values ($1, $2, 'admin', 'Gone', now())`,
    [things.tenant, gone],
  )
  const claims = (text: string): Caller => ({ role: 'authenticated', claims: text })
  const forged = { role: 'service_role', is_staff: true, app_metadata: { role: 'admin' } }
  return {
    things,
    elsewhere,
    callers: {
      anon: [
        ['anon', visitor],
        ['anon with an admin’s claims', { role: 'anon', claims: user(things.admin).claims ?? '' }],
      ],
      claimless: [
        ['without claims', { role: 'authenticated' }],
        ['with a role alone', claims('{"role":"service_role"}')],
        ['with a sub that is not a uuid', claims('{"sub":"admin"}')],
        ['with half of the claims', claims(`{"sub":"${things.admin}`)],
        ['with a list', claims(`["${things.admin}"]`)],
      ],
      outsider: [
        ['a stranger', user(randomUUID())],
        ['a stranger with forged claims', claims(JSON.stringify({ sub: randomUUID(), ...forged }))],
        ['a deleted admin', user(gone)],
        ['owner elsewhere', user(elsewhere.owner)],
        ['receptionist elsewhere', user(elsewhere.receptionist)],
        ['vet elsewhere', user(elsewhere.vet)],
        ['admin elsewhere', user(elsewhere.admin)],
      ],
      owner: [
        ['owner', user(things.owner)],
        ['owner with forged claims', claims(JSON.stringify({ sub: things.owner, ...forged }))],
      ],
      other: [['other owner', user(things.otherOwner)]],
      receptionist: [['receptionist', user(things.receptionist)]],
      vet: [['vet', user(things.vet)]],
      admin: [['admin', user(things.admin)]],
      service: [['service_role', backend]],
    },
    as: async (caller, run) => {
      await db.admin.query('begin; set local session_replication_role = replica')
      try {
        await db.admin.query(becomeText(caller))
        return await run()
      } finally {
        await db.admin.query('rollback')
      }
    },
    attempt: async (sql, values) => {
      await db.admin.query('savepoint attempt')
      let count = 0
      let rows: unknown[] = []
      const state = await sqlState(
        db.admin.query({ text: sql, values: values ?? [], rowMode: 'array' }).then((result) => {
          count = result.rowCount ?? 0
          rows = result.rows.map((row: unknown[]) => row[0])
        }),
      )
      await db.admin.query('rollback to attempt')
      return { state, count, rows }
    },
  }
}

/** Makes a clinic with an appointment of each pet owner and a row in every other table. */
async function filled(db: TestDatabase): Promise<Things> {
  const clinic = await filledClinic(db)
  const appointment = await booked(db.admin, clinic, { p_start_time: at(3, '10:00') })
  await booked(db.admin, clinic, { p_start_time: at(3, '11:00'), p_pet_id: clinic.otherPet })
  await db.rows(`update appointments set notes = 'Allergic' where tenant_id = $1 and id = $2`, [
    clinic.tenant,
    appointment,
  ])
  const walkIn = randomUUID()
  const colleague = randomUUID()
  const { tenant, admin } = clinic
  await db.rows(
    `insert into profiles (tenant_id, id, role, full_name)
     values ($1, $2, 'owner', 'Walk-in'), ($1, $3, 'receptionist', 'Colleague')`,
    [tenant, walkIn, colleague],
  )
  const claim = await call(db.admin, backend, 'invite_client', {
    p_tenant_id: tenant,
    p_client_id: walkIn,
    p_performed_by: admin,
  })
  const invitation = await call(db.admin, backend, 'invite_staff', {
    p_tenant_id: tenant,
    p_role: 'vet',
    p_performed_by: admin,
  })
  return {
    ...clinic,
    appointment,
    walkIn,
    claim: textOf(claim, 'token'),
    colleague,
    invite: textOf(invitation, 'invite_id'),
    inviteLink: textOf(invitation, 'token'),
  }
}
