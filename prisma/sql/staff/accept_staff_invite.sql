-- Makes the actor one of the staff, with the role of the invitation. A client of the clinic stays one, with pets and
-- appointments; whom the clinic had taken off its books is back, because an admin says so. Who is of the staff already
-- keeps the role that they have, and the link stays for whom it was meant: an admin who tries it out loses nothing.
-- Success: success, profile_id, role. Using it again is a replay for the one who used it.
create or replace function accept_staff_invite(
  p_tenant_id text, p_token text, p_full_name text, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_name text := btrim(p_full_name);
  v_invite staff_invites;
  v_role text;
  v_refusal text;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 then
    return atomic_refusal('INVALID_NAME');
  end if;

  select * into v_invite from staff_invites
  where tenant_id = p_tenant_id and token_hash = link_token_hash(p_token);
  v_refusal := case when v_invite.used_by = v_actor then null else check_staff_invite(v_invite) end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;
  -- Who made it and who uses it, so that neither's role changes beside this; then the link.
  perform from profiles
  where tenant_id = p_tenant_id and id in (v_invite.created_by, v_actor)
  order by tenant_id, id
  for no key update;
  select * into v_invite from staff_invites
  where tenant_id = p_tenant_id and id = v_invite.id
  for update;
  select role into v_role from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null;
  if v_invite.used_by = v_actor then
    return jsonb_build_object('success', true, 'replayed', true, 'profile_id', v_actor, 'role', v_role);
  end if;
  v_refusal := case
    when check_staff_invite(v_invite) is not null then check_staff_invite(v_invite)
    when v_role in ('receptionist', 'vet', 'admin') then 'ALREADY_STAFF'
  end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  insert into profiles (tenant_id, id, role, full_name) values (p_tenant_id, v_actor, v_invite.role, v_name)
  on conflict (tenant_id, id) do update set role = excluded.role, deleted_at = null
    -- two links used by one person at once, where there was no profile to lock
    where profiles.role = 'owner' or profiles.deleted_at is not null;
  if not found then
    return atomic_refusal('ALREADY_STAFF');
  end if;
  update staff_invites set used_at = now(), used_by = v_actor
  where tenant_id = p_tenant_id and id = v_invite.id;
  return jsonb_build_object('success', true, 'profile_id', v_actor, 'role', v_invite.role);
end
$$;

comment on function accept_staff_invite(text, text, text, uuid) is
  'Makes the actor one of the staff, or says why not.';
revoke execute on function accept_staff_invite(text, text, text, uuid) from public, anon;
grant execute on function accept_staff_invite(text, text, text, uuid) to authenticated, service_role;
