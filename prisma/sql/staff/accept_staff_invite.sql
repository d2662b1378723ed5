-- Gives the actor the invitation's role. A client of the clinic keeps pets and appointments, and a person whom the
-- clinic had removed is back, because an admin decided so. An actor who is staff already keeps their role, and the link
-- can still be used by the person it was made for, so that an admin who tries it loses nothing.
--
-- Success: success, profile_id, role. The same actor may repeat the call.
create or replace function accept_staff_invite(
  p_tenant_id text, p_token text, p_full_name text, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_actor uuid := v_caller.actor;
  v_name text := btrim(p_full_name);
  v_link record;
  v_role text;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 then
    return atomic_refusal('INVALID_NAME');
  end if;

  v_link := open_link(p_tenant_id, 'invitation', p_token, v_actor);
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  -- The admin who made it and the actor, so that neither's role changes while this runs; then the link.
  perform from profiles
  where tenant_id = p_tenant_id and id in (v_link.created_by, v_actor)
  order by tenant_id, id
  for no key update;
  v_link := open_link(p_tenant_id, 'invitation', p_token, v_actor, p_lock => true);
  select role into v_role from profiles where tenant_id = p_tenant_id and id = v_actor and deleted_at is null;
  if v_link.is_replay then
    return jsonb_build_object('success', true, 'replayed', true, 'profile_id', v_actor, 'role', v_role);
  end if;
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;

  insert into profiles (tenant_id, id, role, full_name) values (p_tenant_id, v_actor, v_link.role, v_name)
  on conflict (tenant_id, id) do update set role = excluded.role, deleted_at = null
    -- Decided here and not before: an actor without a profile has no row to lock, and may be using two links at once.
    where profiles.role = 'owner' or profiles.deleted_at is not null;
  if not found then
    return atomic_refusal('ALREADY_STAFF');
  end if;
  update links set used_at = now(), used_by = v_actor where tenant_id = p_tenant_id and id = v_link.id;
  return jsonb_build_object('success', true, 'profile_id', v_actor, 'role', v_link.role);
end
$$;

comment on function accept_staff_invite(text, text, text, uuid) is
  'Gives the actor an invitation''s role, or says why not.';
revoke execute on function accept_staff_invite(text, text, text, uuid) from public, anon;
grant execute on function accept_staff_invite(text, text, text, uuid) to authenticated, service_role;
