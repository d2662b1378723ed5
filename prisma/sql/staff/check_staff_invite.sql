-- What keeps this actor from using an invitation, or null. Whoever made it may be an admin no longer: then it gives
-- nothing, or a dismissed admin would have kept a key.
create or replace function check_staff_invite(p_invite staff_invites) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  return case
    when p_invite.id is null then 'LINK_INVALID'
    when p_invite.used_at is not null then 'LINK_USED'
    when p_invite.expires_at <= clock_timestamp() then 'LINK_EXPIRED'
    when not is_clinic_admin(p_invite.tenant_id, p_invite.created_by) then 'LINK_INVALID'
  end;
end
$$;

comment on function check_staff_invite(staff_invites) is 'What keeps an invitation from being used.';
revoke execute on function check_staff_invite(staff_invites) from public, anon, authenticated, service_role;
