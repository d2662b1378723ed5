import { at, type Clinic, newClinic } from '@vetcita/testing/sql/clinic'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bookAppointment, callFunction, describeFailure, mergeCart, withRetry } from '../src/index.ts'
import { apiDatabase, createCrossLocks, errorOf } from './support/api-database.ts'

const { db, admin, connect } = await apiDatabase()

describe('withRetry', () => {
  it('completes both of two transactions that deadlock', async () => {
    await createCrossLocks(admin)
    const retried: string[] = []
    const wait = (first: number, second: number) =>
      withRetry(() => db.$queryRaw`select cross_locks(${first}::bigint, ${second}::bigint) is null`, {
        onRetry: (error) => retried.push(describeFailure(error).sqlState ?? ''),
      })
    await Promise.all([wait(1, 2), wait(2, 1)])
    expect(new Set(retried)).toEqual(new Set(['40P01']))
  })

  it('gives up after five attempts and throws the last failure', async () => {
    await admin.query(`
      create function never() returns void language plpgsql as $$
      begin raise exception 'never' using errcode = '40001'; end $$`)
    let attempts = 0
    const error = await errorOf(
      withRetry(() => {
        attempts += 1
        return db.$queryRaw`select never() is null`
      }),
    )
    expect(attempts).toBe(5)
    expect(describeFailure(error)).toEqual({ kind: 'conflict', sqlState: '40001' })
  })

  it.each([
    ['a bug', () => db.$queryRaw`select 1 / 0`],
    ['a missing function', () => db.$queryRaw`select no_such_function()`],
    ['a missing privilege', () => db.$queryRaw`select 1 from public.pets`],
  ])('runs %s once', async (_name, statement) => {
    let attempts = 0
    await errorOf(
      withRetry(
        () => {
          attempts += 1
          return statement()
        },
        { repeatable: true },
      ),
    )
    expect(attempts).toBe(1)
  })

  it('retries after a lost connection only if the statement is repeatable', async () => {
    const away = connect({}, 'postgresql://vetcita_api:x@127.0.0.1:1/vetcita')
    for (const repeatable of [true, false]) {
      let attempts = 0
      await errorOf(
        withRetry(
          () => {
            attempts += 1
            return away.$queryRaw`select 1`
          },
          { repeatable },
        ),
      )
      expect(attempts).toBe(repeatable ? 5 : 1)
    }
  })
})

describe('the functions under failures', () => {
  let clinic: Clinic

  beforeAll(async () => {
    // counts its failures with a sequence, because a rollback does not reset it
    await admin.query(`
      create sequence attempts;
      create table plan (failures integer not null, how text not null);
      grant select on plan to public;
      create function fail_as_planned() returns trigger language plpgsql security definer as $$
      begin
        if nextval('attempts') <= (select failures from plan) then
          if (select how from plan) = 'terminate' then
            perform pg_terminate_backend(pg_backend_pid());
          else
            raise exception 'as planned' using errcode = (select how from plan);
          end if;
        end if;
        return new;
      end $$;
      create trigger fail_as_planned before insert on appointments for each row execute function fail_as_planned();
      create trigger fail_as_planned before insert on cart_items for each row execute function fail_as_planned()`)
  })
  beforeEach(async () => {
    clinic = await newClinic(admin)
  })

  async function plan(failures: number, how: string): Promise<void> {
    await admin.query(
      `truncate plan; select setval('attempts', 1, false); insert into plan values (${failures}, '${how}')`,
    )
  }

  const owner = () => ({ userId: clinic.owner, tenantId: clinic.tenant, isStaff: false })
  const book = (idempotencyKey?: string) =>
    callFunction(db, bookAppointment, owner(), {
      petId: clinic.pet,
      serviceId: clinic.service,
      vetId: clinic.vet,
      startTime: at(3, '10:00'),
      idempotencyKey,
    })

  async function rows(): Promise<number> {
    return (await admin.query('select from appointments where tenant_id = $1', [clinic.tenant])).rowCount ?? 0
  }

  it.each(['40001', '40P01'])(
    'a booking that PostgreSQL rolls back with %s succeeds once, at the third attempt',
    async (state) => {
      await plan(2, state)
      expect(await book()).toMatchObject({ success: true, replayed: false })
      expect(await rows()).toBe(1)
    },
  )

  it('a merge keeps every line although it was rolled back at first', async () => {
    await plan(2, '40P01')
    const items = [{ type: 'product' as const, id: clinic.product, quantity: 3 }]
    expect(await callFunction(db, mergeCart, owner(), { newItems: items })).toMatchObject({
      success: true,
      items: [{ quantity: 3 }],
    })
  })

  it('a booking with a key succeeds although its connection breaks', async () => {
    await plan(1, 'terminate')
    expect(await book('a-key-of-its-own')).toMatchObject({ success: true })
    expect(await rows()).toBe(1)
  })

  it('a booking without a key fails if its connection breaks, and is not repeated', async () => {
    await plan(1, 'terminate')
    const error = await errorOf(book())
    expect(describeFailure(error).kind).toBe('unreachable')
    expect(await rows()).toBe(0)
  })

  it('an error in a function is thrown unchanged, and not retried', async () => {
    await plan(1, '22012')
    expect(describeFailure(await errorOf(book('another-key'))).sqlState).toBe('22012')
    expect(await rows()).toBe(0)
  })
})
