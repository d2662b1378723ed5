-- Creates a walk-in client and, if a pet is named, the pet with them: both or neither. For staff. With a key, the same
-- request again creates nothing and returns the client as they are now; with other data it is another request.
--
-- Success: success, client_id, full_name, phone, email, has_account, pets, pet_id (the pet created with them),
-- replayed.
create or replace function create_client(
  p_tenant_id text, p_full_name text, p_phone text default null, p_email text default null,
  p_pet_name text default null, p_pet_species text default null,
  p_performed_by uuid default null, p_idempotency_key text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_name text := btrim(p_full_name);
  v_phone text := nullif(btrim(p_phone), '');
  v_email text := nullif(btrim(p_email), '');
  v_pet text := nullif(btrim(p_pet_name), '');
  v_species text := coalesce(nullif(btrim(p_pet_species), ''), 'other');
  v_client_id uuid := gen_random_uuid();
  v_pet_id uuid := case when v_pet is not null then gen_random_uuid() end;
  v_is_new boolean;
  v_has_account boolean;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_staff(p_tenant_id, v_actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 or length(v_phone) not between 3 and 40
    or length(v_pet) > 100
  then
    return atomic_refusal('INVALID_NAME');
  end if;

  if p_idempotency_key is not null then
    v_client_id := request_uuid(
      'client', p_tenant_id, v_actor::text, p_idempotency_key, v_name, v_phone, v_email, v_pet, v_species
    );
    v_pet_id := case when v_pet is not null then request_uuid('pet', v_client_id::text) end;
  end if;
  -- If the same request is running, this waits for it and finds its row.
  insert into profiles (tenant_id, id, full_name, phone, email)
  values (p_tenant_id, v_client_id, v_name, v_phone, v_email)
  on conflict (tenant_id, id) do nothing;
  v_is_new := found;
  if v_is_new and v_pet is not null then
    insert into pets (tenant_id, id, owner_id, name, species)
    values (p_tenant_id, v_pet_id, v_client_id, v_pet, v_species);
  end if;

  -- On a replay the client may have claimed the record meanwhile.
  v_client_id := coalesce(
    (select used_by from links
     where tenant_id = p_tenant_id and client_id = v_client_id and used_by is not null),
    v_client_id
  );
  v_has_account := has_account(v_client_id);
  return (
    select jsonb_build_object(
      'success', true, 'client_id', c.id, 'full_name', c.full_name, 'phone', c.phone, 'email', c.email,
      'has_account', v_has_account, 'pet_id', v_pet_id, 'replayed', not v_is_new,
      'pets', coalesce((
        select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'species', p.species) order by p.name, p.id)
        from pets p where p.tenant_id = c.tenant_id and p.owner_id = c.id and p.deleted_at is null
      ), '[]')
    )
    from profiles c where c.tenant_id = p_tenant_id and c.id = v_client_id
  );
end
$$;

comment on function create_client(text, text, text, text, text, text, uuid, text) is
  'Creates a walk-in client, with or without a pet, once for each key.';
revoke execute on function create_client(text, text, text, text, text, text, uuid, text) from public, anon;
grant execute on function create_client(text, text, text, text, text, text, uuid, text) to authenticated, service_role;
