-- 000 makes the tables, so this drops data: it is for development and tests. The roles stay, because they belong to the
-- whole cluster.

begin;

drop table appointment_events, cart_items, carts, store_products, vet_time_off, vet_hours, appointments, services,
  pets, profiles, tenants;
drop function set_appointment_busy_until();
drop function check_tenant_timezone();
drop function refuse_open_schema();

commit;
