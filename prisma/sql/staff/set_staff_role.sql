-- Gives one of the staff another role; 'owner' takes them off the staff, and leaves them what every client has. It
-- makes no one staff: that takes an invitation and its acceptance. For admins.
--
-- A vet who will no longer treat may have appointments ahead. Then the answer is HAS_APPOINTMENTS, with their number
-- and the ids of the next ones, and nothing has changed, so that they can be moved first. With p_keep_appointments the
-- role changes at once, and the appointments stay on the calendar until they are moved. No booking can come in between:
-- it waits for the vet's row and then finds no vet.
--
-- Success: success, profile_id, old_role, role, appointments (how many stay with them). The same role is a replay.
create or replace function set_staff_role(
  p_tenant_id text,
  p_profile_id uuid,
  p_role text,
  p_performed_by uuid default null,
  p_keep_appointments boolean default false
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_old_role text;
  v_id uuid;
  v_now timestamptz;
  v_left integer := 0;
  v_next jsonb;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('owner', 'receptionist', 'assistant', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;

  -- Every admin, including the actor, and the person whose role changes: another caller who does the same waits, and
  -- then counts the admins who are left. Otherwise the last two admins could demote each other.
  for v_id in
    select id from profiles
    where tenant_id = p_tenant_id and role = 'admin' and deleted_at is null and id <> p_profile_id
    union all select p_profile_id
    order by 1
  loop
    perform from profiles where tenant_id = p_tenant_id and id = v_id for no key update;
  end loop;
  if not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  select role into v_old_role from profiles
  where tenant_id = p_tenant_id and id = p_profile_id and role <> 'owner' and deleted_at is null;
  if v_old_role is null then
    return atomic_refusal('STAFF_NOT_FOUND');
  end if;
  if v_old_role = p_role then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'profile_id', p_profile_id, 'old_role', v_old_role, 'role', p_role,
      'appointments', 0
    );
  end if;
  if v_old_role = 'admin' and not exists (
    select from profiles
    where tenant_id = p_tenant_id and role = 'admin' and deleted_at is null and id <> p_profile_id
  ) then
    return atomic_refusal('LAST_ADMIN');
  end if;

  if has_calendar(v_old_role) and not has_calendar(p_role) then
    -- a variable, since no index is read from the result of a volatile function
    v_now := clock_timestamp();
    select count(*), coalesce(jsonb_agg(f.id order by f.start_time) filter (where f.n <= 50), '[]')
      into v_left, v_next
    from (
      select id, start_time, row_number() over (order by start_time) as n
      from appointments
      where tenant_id = p_tenant_id and vet_id = p_profile_id
        and is_movable(status) and start_time > v_now
        and tstzrange(start_time, busy_until, '[)') && tstzrange(v_now, null)
    ) f;
    if v_left > 0 and not coalesce(p_keep_appointments, false) then
      return atomic_refusal('HAS_APPOINTMENTS')
        || jsonb_build_object('appointments', v_left, 'appointment_ids', v_next);
    end if;
  end if;

  update profiles set role = p_role where tenant_id = p_tenant_id and id = p_profile_id;
  return jsonb_build_object(
    'success', true, 'profile_id', p_profile_id, 'old_role', v_old_role, 'role', p_role, 'appointments', v_left
  );
end
$$;

comment on function set_staff_role(text, uuid, text, uuid, boolean) is
  'Gives one of the staff another role, or takes them off the staff, or says why not.';
revoke execute on function set_staff_role(text, uuid, text, uuid, boolean) from public, anon;
grant execute on function set_staff_role(text, uuid, text, uuid, boolean) to authenticated, service_role;
