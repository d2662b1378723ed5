-- Locks everybody who has a calendar in the clinics whose closed days a statement has written, in the order of their
-- keys, so that a list of the appointments on a closed day is still right when it commits: a booking that is running is
-- seen, and a later one sees the closed day.
create or replace function lock_clinic_calendars() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
declare
  v_tenant_ids text[];
begin
  if tg_op = 'DELETE' then
    select array_agg(distinct tenant_id) into v_tenant_ids from old_rows;
  else
    select array_agg(distinct tenant_id) into v_tenant_ids from new_rows;
  end if;
  perform from profiles
  where tenant_id = any (v_tenant_ids) and role in ('vet', 'assistant', 'admin')
  order by tenant_id, id
  for no key update;
  return null;
end
$$;

create or replace trigger clinic_closures_lock_insert after insert on clinic_closures
  referencing new table as new_rows for each statement execute function lock_clinic_calendars();

create or replace trigger clinic_closures_lock_update after update on clinic_closures
  referencing new table as new_rows for each statement execute function lock_clinic_calendars();

create or replace trigger clinic_closures_lock_delete after delete on clinic_closures
  referencing old table as old_rows for each statement execute function lock_clinic_calendars();

comment on function lock_clinic_calendars() is 'Trigger: locks the calendars of clinics whose closed days were written.';
revoke execute on function lock_clinic_calendars() from public, anon, authenticated, service_role;
