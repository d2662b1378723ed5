-- Takes back 088: its functions and its index. Appointments stay as they are. Later migrations use the helpers, but
-- PostgreSQL does not see what a function's body calls; so this file refuses while any function of a later migration
-- exists.

begin;
set local search_path = public, pg_temp;

do $$
declare
  v_dependent text;
begin
  select string_agg(p.proname, ', ' order by p.proname) into v_dependent
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace
    and substring(obj_description(p.oid, 'pg_proc') from '^Migration (\d+)\.')::integer > 88;
  if v_dependent is not null then
    raise exception '088 is still needed by: %.', v_dependent using hint = 'Take the later migrations back first.';
  end if;
end
$$;

drop function if exists book_appointment_atomic(
  text, uuid, uuid, uuid, timestamptz, integer, text, text, uuid, text
);
drop function if exists check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text);
drop function if exists is_bookable_time(timestamptz, boolean);
drop function if exists replay_booking(text, uuid, text, text);
drop function if exists slot_is_taken(text, uuid, timestamptz, timestamptz, uuid);
drop function if exists vet_is_away(text, uuid, timestamptz, timestamptz);
drop function if exists vet_is_open(text, uuid, timestamptz, timestamptz, text);
drop function if exists vet_open_ranges(text, uuid[], timestamptz, timestamptz, text);
drop function if exists zone_offsets(text, timestamptz, timestamptz);
drop function if exists is_clinic_staff(text, uuid);
drop function if exists clinic_caller(uuid);
drop function if exists request_actor();
drop function if exists atomic_refusal(text, text);
drop function if exists refuse_isolation();
drop function if exists refuse_downgrade(integer, text[]);

do $$
begin
  if to_regprocedure('refuse_open_schema()') is not null then
    comment on function refuse_open_schema() is 'Migration 000. Raises if others can make objects in public.';
  end if;
end
$$;
drop index if exists idx_appointments_vet_time_status;

commit;
