-- Takes back 102: its view and its rights. Hours and categories stay.

begin;
set local search_path = public, pg_temp;

drop view if exists public_vet_hours;
revoke insert (category), update (category) on store_products from authenticated;

commit;
