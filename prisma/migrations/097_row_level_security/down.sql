-- Takes back 097. No data is lost, and no table is open afterwards: revoked rights stay revoked, so authenticated and
-- anon reach the tables through the functions alone. Grant what old clients need by hand.

begin;
set local search_path = public, pg_temp;

do $$
declare
  v_policy record;
begin
  for v_policy in select tablename, policyname from pg_policies where schemaname = 'public' loop
    execute format('drop policy %I on %I', v_policy.policyname, v_policy.tablename);
  end loop;
  if to_regclass('_prisma_migrations') is not null then
    alter table _prisma_migrations disable row level security;
  end if;
end
$$;

revoke all on
  tenants, profiles, pets, services, appointments, vet_hours, vet_time_off, store_products, carts, cart_items,
  appointment_events
from anon, authenticated;

alter table tenants disable row level security;
alter table profiles disable row level security;
alter table pets disable row level security;
alter table services disable row level security;
alter table appointments disable row level security;
alter table vet_hours disable row level security;
alter table vet_time_off disable row level security;
alter table store_products disable row level security;
alter table carts disable row level security;
alter table cart_items disable row level security;
alter table appointment_events disable row level security;

drop view if exists appointment_states;
drop function if exists appointment_notes(text, uuid[], uuid);
drop view if exists public_vets;
drop schema if exists clinic_access cascade;

commit;
