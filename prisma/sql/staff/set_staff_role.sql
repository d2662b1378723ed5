-- Gives one of the staff another role; 'owner' takes them off the staff, and leaves them what every client has. Nobody
-- becomes staff by this: that takes an invitation, which they accept.
--
-- A vet who will treat no longer may have appointments to come. Then the answer is HAS_APPOINTMENTS, with how many there
-- are and the next of them, and nothing has changed: somebody should see to them first. With p_keep_appointments the role
-- goes at once all the same, for who must not wait that long; the appointments stay where they are, on the calendar,
-- until they are moved. No booking can come in between: it waits for the vet's row and then finds no vet.
--
-- Success: success, profile_id, old_role, role, appointments (how many are left with them). The same role is a replay.
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
  v_left integer := 0;
  v_next jsonb;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_role is null or p_role not in ('owner', 'receptionist', 'vet', 'admin') then
    return atomic_refusal('INVALID_ROLE');
  end if;

  -- Every admin, the actor among them, with the one whose role changes: whoever else does this waits, and then counts
  -- the admins that are left.
  perform from profiles
  where tenant_id = p_tenant_id and (id = p_profile_id or (role = 'admin' and deleted_at is null))
  order by tenant_id, id
  for no key update;
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

  if v_old_role in ('vet', 'admin') and p_role not in ('vet', 'admin') then
    select count(*), coalesce(jsonb_agg(f.id order by f.start_time) filter (where f.n <= 50), '[]')
      into v_left, v_next
    from (
      select id, start_time, row_number() over (order by start_time) as n
      from appointments
      where tenant_id = p_tenant_id and vet_id = p_profile_id
        and is_movable(status) and start_time > clock_timestamp()
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
  'Gives one of the staff another role, or takes them off it; or says why not.';
revoke execute on function set_staff_role(text, uuid, text, uuid, boolean) from public, anon;
grant execute on function set_staff_role(text, uuid, text, uuid, boolean) to authenticated, service_role;
