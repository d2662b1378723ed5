-- Writers that do not know about prices (old code, psql) set the service alone: its name, price and currency at this
-- moment are then the appointment's. The functions set all three, and do not get here.
create or replace function set_appointment_service() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  select s.name, s.price, t.currency into new.service_name, new.price, new.currency
  from services s join tenants t on t.id = s.tenant_id
  where s.tenant_id = new.tenant_id and s.id = new.service_id;
  return new;
end
$$;

create or replace trigger appointments_service before insert on appointments
  for each row when (new.service_name is null) execute function set_appointment_service();

comment on function set_appointment_service() is
  'Trigger: name, price and currency follow the service for writers that do not set them.';
revoke execute on function set_appointment_service() from public, anon, authenticated, service_role;
