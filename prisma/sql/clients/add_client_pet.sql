-- Adds a pet to a client, or to one of the staff. Keys work as in create_client. For staff.
--
-- Success: success, pet_id, name, species, replayed.
create or replace function add_client_pet(
  p_tenant_id text, p_client_id uuid, p_name text, p_species text default null,
  p_performed_by uuid default null, p_idempotency_key text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_name text := btrim(p_name);
  v_species text := coalesce(nullif(btrim(p_species), ''), 'other');
  v_pet_id uuid := gen_random_uuid();
  v_pet pets;
  v_is_new boolean := false;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_staff(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 100 then
    return atomic_refusal('INVALID_NAME');
  end if;

  if p_idempotency_key is not null then
    v_pet_id := request_uuid(
      'client pet', p_tenant_id, v_actor::text, p_idempotency_key, p_client_id::text, v_name, v_species
    );
    -- Looked up before the client, who may have claimed the record meanwhile.
    select * into v_pet from pets where tenant_id = p_tenant_id and id = v_pet_id;
  end if;
  if v_pet.id is null then
    if not exists (
      select from profiles where tenant_id = p_tenant_id and id = p_client_id and deleted_at is null
    ) then
      return atomic_refusal('CLIENT_NOT_FOUND');
    end if;
    insert into pets (tenant_id, id, owner_id, name, species)
    values (p_tenant_id, v_pet_id, p_client_id, v_name, v_species)
    on conflict (tenant_id, id) do nothing;
    v_is_new := found;
    select * into v_pet from pets where tenant_id = p_tenant_id and id = v_pet_id;
  end if;
  return jsonb_build_object(
    'success', true, 'pet_id', v_pet.id, 'name', v_pet.name, 'species', v_pet.species, 'replayed', not v_is_new
  );
end
$$;

comment on function add_client_pet(text, uuid, text, text, uuid, text) is
  'Adds a client''s pet, once for each key.';
revoke execute on function add_client_pet(text, uuid, text, text, uuid, text) from public, anon;
grant execute on function add_client_pet(text, uuid, text, text, uuid, text) to authenticated, service_role;
