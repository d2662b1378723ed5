-- Locks the vets whose hours, time off or services a statement has written, in the order in which every function locks
-- them, so that a list of the appointments inside a time off, or of a service that a vet no longer does, is still right when it
-- commits. After the statement and not before each row: a statement that writes several vets' rows would lock them in the
-- order of its rows, and two that do so, or one and a move, could wait for each other. Nobody sees the rows before they
-- commit, so it is early enough.
create or replace function lock_calendar_vets() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_tenant_ids text[];
  v_vet_ids uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(tenant_id), array_agg(vet_id) into v_tenant_ids, v_vet_ids from new_rows;
  elsif tg_op = 'DELETE' then
    select array_agg(tenant_id), array_agg(vet_id) into v_tenant_ids, v_vet_ids from old_rows;
  else
    select array_agg(tenant_id), array_agg(vet_id) into v_tenant_ids, v_vet_ids
    from (select tenant_id, vet_id from old_rows union select tenant_id, vet_id from new_rows) r;
  end if;
  perform from profiles
  where (tenant_id, id) in (select * from unnest(v_tenant_ids, v_vet_ids))
  order by tenant_id, id
  for no key update;
  return null;
end
$$;

create or replace trigger vet_hours_lock_vets_insert after insert on vet_hours
  referencing new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_hours_lock_vets_update after update on vet_hours
  referencing old table as old_rows new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_hours_lock_vets_delete after delete on vet_hours
  referencing old table as old_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_time_off_lock_vets_insert after insert on vet_time_off
  referencing new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_time_off_lock_vets_update after update on vet_time_off
  referencing old table as old_rows new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_time_off_lock_vets_delete after delete on vet_time_off
  referencing old table as old_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_services_lock_vets_insert after insert on vet_services
  referencing new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_services_lock_vets_update after update on vet_services
  referencing old table as old_rows new table as new_rows for each statement execute function lock_calendar_vets();

create or replace trigger vet_services_lock_vets_delete after delete on vet_services
  referencing old table as old_rows for each statement execute function lock_calendar_vets();

comment on function lock_calendar_vets() is 'Trigger: locks the vets whose hours, time off or services were written.';
revoke execute on function lock_calendar_vets() from public, anon, authenticated, service_role;
