-- Replaces a vet's weekly hours by [{weekday 1..7, opens 'HH:MM', closes 'HH:MM' or '24:00'}]; a break is the time
-- between two rows. The week is written as a whole, under the vet's lock, so that two callers who save at once leave
-- one of the two weeks, and not the rows of both. For admins.
--
-- Success: success, vet_id, hours (how many rows).
create or replace function set_vet_hours(
  p_tenant_id text, p_vet_id uuid, p_hours jsonb, p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_problem text;
  v_count integer;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_problem := invalid_hours(p_hours);
  if v_problem is not null then
    return atomic_refusal('INVALID_HOURS', v_problem);
  end if;

  perform from profiles
  where tenant_id = p_tenant_id and id = p_vet_id and has_calendar(role) and deleted_at is null
  for no key update;
  if not found then
    return atomic_refusal('VET_NOT_FOUND');
  end if;
  if not is_clinic_admin(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  delete from vet_hours where tenant_id = p_tenant_id and vet_id = p_vet_id;
  insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
  select p_tenant_id, p_vet_id, (item ->> 'weekday')::integer, (item ->> 'opens')::time, (item ->> 'closes')::time
  from jsonb_array_elements(p_hours) item;
  get diagnostics v_count = row_count;
  return jsonb_build_object('success', true, 'vet_id', p_vet_id, 'hours', v_count);
end
$$;

comment on function set_vet_hours(text, uuid, jsonb, uuid) is 'Replaces a vet''s weekly hours.';
revoke execute on function set_vet_hours(text, uuid, jsonb, uuid) from public, anon;
grant execute on function set_vet_hours(text, uuid, jsonb, uuid) to authenticated, service_role;
