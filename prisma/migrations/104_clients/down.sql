-- Takes back 104: its functions, indexes, rights and trigger. Clients, pets and links stay.

begin;
set local search_path = public, pg_temp;

drop policy if exists links_invitations on links;
drop policy if exists links_claims on links;
drop policy if exists links_backend on links;
revoke all on links from authenticated, service_role;

drop function if exists add_client_pet(text, uuid, text, text, uuid, text);
drop function if exists create_client(text, text, text, text, text, text, uuid, text);
drop function if exists request_uuid(text[]);
drop function if exists search_clients(text, text, uuid, integer, integer);
drop index if exists profiles_name_idx;
drop index if exists pets_search_idx;
drop index if exists profiles_search_idx;
drop trigger if exists store_products_search_text on store_products;
drop function if exists set_product_search_text();
drop function if exists clinic_access.search_terms(text, text, text, text);
drop function if exists clinic_access.search_text(text);

drop trigger if exists pets_follow_claimed_owner on pets;
drop function if exists follow_claimed_owner();
drop function if exists claim_client(text, text, uuid);
drop function if exists read_client_claim(text, text, uuid);
drop function if exists invite_client(text, uuid, uuid);
drop function if exists has_account(uuid);
drop function if exists open_link(text, text, text, uuid, boolean);
drop function if exists make_link(text, text, uuid, interval, uuid, text, text);
drop function if exists link_hash(text);
drop function if exists is_clinic_admin(text, uuid);

commit;
