-- Locks the vet of the row that is about to be written, so that plain inserts queue with the functions, and so that a
-- list of the appointments inside a time off is still right when the time off commits.
--
-- Not on an update of an appointment: that statement already holds the appointment's row, and waiting for the vet while
-- holding an appointment can deadlock with the functions, which lock them the other way round. There the constraint
-- decides.
create or replace function lock_calendar_vet() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_vet_ids uuid[];
begin
  v_vet_ids := case tg_op
    when 'INSERT' then array[new.vet_id]
    when 'DELETE' then array[old.vet_id]
    else array[old.vet_id, new.vet_id]
  end;
  perform from profiles
  where tenant_id = case when tg_op = 'DELETE' then old.tenant_id else new.tenant_id end and id = any (v_vet_ids)
  order by tenant_id, id
  for no key update;
  return case when tg_op = 'DELETE' then old else new end;
end
$$;

create or replace trigger appointments_lock_vet before insert on appointments
  for each row execute function lock_calendar_vet();

create or replace trigger vet_hours_lock_vet before insert or update or delete on vet_hours
  for each row execute function lock_calendar_vet();

comment on function lock_calendar_vet() is 'Trigger: locks the vet whose calendar is written.';
revoke execute on function lock_calendar_vet() from public, anon, authenticated, service_role;
