-- Locks the vet of the appointment that is about to be inserted, so that plain inserts queue with the functions.
--
-- Not on an update of an appointment: that statement already holds the appointment's row, and waiting for the vet while
-- holding an appointment can deadlock with the functions, which lock them the other way round. There the constraint
-- decides.
create or replace function lock_calendar_vet() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
begin
  perform from profiles
  where tenant_id = new.tenant_id and id = new.vet_id
  for no key update;
  return new;
end
$$;

create or replace trigger appointments_lock_vet before insert on appointments
  for each row execute function lock_calendar_vet();

comment on function lock_calendar_vet() is 'Trigger: locks the vet whose calendar is written.';
revoke execute on function lock_calendar_vet() from public, anon, authenticated, service_role;
