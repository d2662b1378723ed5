import { becomeText, type Caller } from '@vetcita/testing/sql/calls'
import type { Clinic } from '@vetcita/testing/sql/clinic'
import type pg from 'pg'

/**
 * Adds functions that try every start on a grid of five minutes and roll it back. They return the starts that the function
 * that clients call accepted.
 */
export async function addGrid(client: pg.Client): Promise<void> {
  await client.query(`
    create function accepted_bookings(
      p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_vet_ids uuid[], p_from timestamptz, p_to timestamptz
    ) returns table (vet_id uuid, start_time timestamptz) language plpgsql as $$
    begin
      foreach vet_id in array p_vet_ids loop
        for start_time in select generate_series(p_from, p_to, '5 minutes') loop
          begin
            if book_appointment_atomic(p_tenant_id, p_pet_id, p_service_id, vet_id, start_time) ->> 'success' = 'true'
            then
              raise exception 'accepted' using errcode = 'ZZ001';
            end if;
          exception when sqlstate 'ZZ001' then
            return next;
          end;
        end loop;
      end loop;
    end $$;
    create function accepted_moves(
      p_appointment_id uuid, p_actor uuid, p_vet_ids uuid[], p_from timestamptz, p_to timestamptz
    ) returns table (vet_id uuid, start_time timestamptz) language plpgsql as $$
    begin
      foreach vet_id in array p_vet_ids loop
        for start_time in select generate_series(p_from, p_to, '5 minutes') loop
          begin
            if reschedule_appointment_atomic(p_appointment_id, start_time, p_actor, false, vet_id) ->> 'success' = 'true'
            then
              raise exception 'accepted' using errcode = 'ZZ001';
            end if;
          exception when sqlstate 'ZZ001' then
            return next;
          end;
        end loop;
      end loop;
    end $$`)
}

/** A start with its vet, and its date, weekday and minutes since midnight by the clinic's clock. */
export type Start = { key: string; date: string; weekday: number; minute: number }

type GridQuery = { client: pg.Client; caller: Caller; clinic: Clinic; zone: string; from: string; to: string }

/** Returns the starts of a set-returning call as that caller, within the clinic's dates `from` to `to`, in order. */
async function starts({ client, caller, zone, from, to }: GridQuery, call: string): Promise<Start[]> {
  await client.query('begin')
  try {
    await client.query(becomeText(caller))
    const result = await client.query<Start>(
      `select s.vet_id || ' ' || to_char(s.start_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as key,
         to_char(l.local, 'YYYY-MM-DD') as date, extract(isodow from l.local)::int as weekday,
         extract(epoch from l.local::time)::int / 60 as minute
       from ${call} s cross join lateral (select s.start_time at time zone $1 as local) l
       where l.local::date between $2::date and $3::date
       order by 1`,
      [zone, from, to],
    )
    return result.rows
  } finally {
    await client.query('rollback')
  }
}

/** SQL for the first and last instant of these dates by the clinic's clock, with a margin for clock changes. */
const whole = ({ from, to, zone }: GridQuery) => `
  ('${from}'::timestamp at time zone '${zone}') - interval '3 hours',
  (('${to}'::date + 1)::timestamp at time zone '${zone}') + interval '3 hours'`

export const acceptedBookings = (query: GridQuery, vets: readonly string[]) =>
  starts(
    query,
    `accepted_bookings('${query.clinic.tenant}', '${query.clinic.pet}', '${query.clinic.service}',
      '{${vets.join(',')}}', ${whole(query)})`,
  )

export const acceptedMoves = (query: GridQuery, id: string, vets: readonly string[]) =>
  starts(query, `accepted_moves('${id}', '${query.clinic.owner}', '{${vets.join(',')}}', ${whole(query)})`)

export const offered = (query: GridQuery, step: number, appointmentId: string | null = null) =>
  starts(
    query,
    `available_slots('${query.clinic.tenant}', '${query.clinic.service}', '${query.from}', '${query.to}', null,
      ${step}, ${appointmentId === null ? 'null' : `'${appointmentId}'`})`,
  )
