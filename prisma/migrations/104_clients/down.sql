-- Takes back 104: its functions, indexes, rights and trigger. Clients, pets and links stay.

begin;
set local search_path = public, pg_temp;

drop policy if exists client_claims_staff on client_claims;
drop policy if exists client_claims_backend on client_claims;
revoke select (tenant_id, id, client_id, created_by, created_at, expires_at, used_at, used_by) on client_claims
  from authenticated, service_role;

drop function if exists add_client_pet(text, uuid, text, text, uuid, text);
drop function if exists create_client(text, text, text, text, text, text, uuid, text);
drop function if exists request_uuid(text[]);
drop function if exists search_clients(text, text, uuid, integer, integer);
drop index if exists pets_search_idx;
drop index if exists profiles_search_idx;
drop function if exists clinic_access.search_terms(text, text, text, text);
drop function if exists clinic_access.search_text(text);

drop trigger if exists pets_follow_claimed_owner on pets;
drop function if exists follow_claimed_owner();
drop function if exists claim_client(text, text, uuid);
drop function if exists read_client_claim(text, text, uuid);
drop function if exists check_client_claim(client_claims);
drop function if exists invite_client(text, uuid, uuid);
drop function if exists has_account(uuid);
drop function if exists link_token_hash(text);
drop function if exists new_link_token();

commit;
