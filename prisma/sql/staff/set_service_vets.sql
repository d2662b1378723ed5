-- Says who does a service; an empty list is everybody with a calendar. The list is written as a whole behind the
-- service's lock, so that two callers who save at once leave one of the two lists, and not the rows of both. Appointments
-- that exist stay. For admins.
--
-- Success: success, service_id, vets (how many).
create or replace function set_service_vets(
  p_tenant_id text, p_service_id uuid, p_vet_ids uuid[], p_performed_by uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_count integer;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;
  if not v_caller.allowed or not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  -- Everybody with a calendar first, in the order of their keys, as everywhere; then the service.
  perform from profiles
  where tenant_id = p_tenant_id and role in ('vet', 'assistant', 'admin')
  order by tenant_id, id
  for no key update;
  perform from services where tenant_id = p_tenant_id and id = p_service_id and deleted_at is null for no key update;
  if not found then
    return atomic_refusal('SERVICE_NOT_FOUND');
  end if;
  if not is_clinic_admin(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if exists (
    select from unnest(p_vet_ids) v (id)
    where not exists (
      select from profiles p
      where p.tenant_id = p_tenant_id and p.id = v.id and has_calendar(p.role) and p.deleted_at is null
    )
  ) then
    return atomic_refusal('VET_NOT_FOUND');
  end if;
  delete from vet_services
  where tenant_id = p_tenant_id and service_id = p_service_id and vet_id <> all (coalesce(p_vet_ids, '{}'));
  insert into vet_services (tenant_id, vet_id, service_id)
  select distinct p_tenant_id, v.id, p_service_id from unnest(p_vet_ids) v (id)
  on conflict do nothing;
  select count(*) into v_count from vet_services where tenant_id = p_tenant_id and service_id = p_service_id;
  return jsonb_build_object('success', true, 'service_id', p_service_id, 'vets', v_count);
end
$$;

comment on function set_service_vets(text, uuid, uuid[], uuid) is 'Says who does a service.';
revoke execute on function set_service_vets(text, uuid, uuid[], uuid) from public, anon;
grant execute on function set_service_vets(text, uuid, uuid[], uuid) to authenticated, service_role;
