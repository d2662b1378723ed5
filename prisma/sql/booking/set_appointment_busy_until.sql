-- Writers that do not know about buffers (old code, psql) set start and end alone: then the vet is busy until the end,
-- and a change of the end keeps the buffer's length. Who changes the service knows its buffer.
create or replace function set_appointment_busy_until() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    new.busy_until := coalesce(new.busy_until, new.end_time);
  elsif new.busy_until is not distinct from old.busy_until and new.service_id = old.service_id then
    -- in seconds: an interval that holds a day has another length across a change of the clocks
    new.busy_until := new.end_time + make_interval(secs => extract(epoch from old.busy_until - old.end_time)::float8);
  end if;
  return new;
end
$$;

create or replace trigger appointments_busy_until before insert or update of end_time on appointments
  for each row execute function set_appointment_busy_until();

comment on function set_appointment_busy_until() is
  'Trigger: busy_until follows end_time for writers that do not set it.';
revoke execute on function set_appointment_busy_until() from public, anon, authenticated, service_role;
