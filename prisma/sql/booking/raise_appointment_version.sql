-- The version counts the changes: it is one more than before, whatever the writer set. The functions that raise it
-- themselves arrive at the same number.
create or replace function raise_appointment_version() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  new.version := old.version;
  if (new.start_time, new.end_time, new.vet_id, new.status, new.pet_id, new.service_id, new.reason)
    is distinct from
    (old.start_time, old.end_time, old.vet_id, old.status, old.pet_id, old.service_id, old.reason)
  then
    new.version := old.version + 1;
    new.updated_at := now();
  end if;
  return new;
end
$$;

create or replace trigger appointments_version before update on appointments
  for each row execute function raise_appointment_version();

comment on function raise_appointment_version() is 'Trigger: the version counts the changes.';
revoke execute on function raise_appointment_version() from public, anon, authenticated, service_role;
