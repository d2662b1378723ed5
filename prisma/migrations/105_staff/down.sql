-- Takes back 105: its functions and rights. Roles, hours and invitations stay.

begin;
set local search_path = public, pg_temp;

drop function if exists set_vet_hours(text, uuid, jsonb, uuid);
drop function if exists invalid_hours(jsonb);
drop function if exists set_staff_role(text, uuid, text, uuid, boolean);
drop function if exists accept_staff_invite(text, text, text, uuid);
drop function if exists read_staff_invite(text, text, uuid);
drop function if exists revoke_staff_invite(text, uuid, uuid);
drop function if exists invite_staff(text, text, text, uuid);

commit;
