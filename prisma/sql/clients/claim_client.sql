-- Makes a walk-in client's record the actor's: pets, appointments, history and cart move to the actor's id, the profile
-- of the walk-in ends. The actor's owner profile in that clinic is made where there is none, with the name that the
-- clinic knows; where there is one it stays, and only what it lacks is filled in.
--
-- Success: success, client_id (the actor), pets, appointments, items (how many moved). Using it again is a replay for the
-- one who used it, and LINK_USED for everybody else.
create or replace function claim_client(p_tenant_id text, p_token text, p_performed_by uuid default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_claim client_claims;
  v_client profiles;
  v_deleted_at timestamptz;
  v_refusal text;
  v_pets integer;
  v_appointments integer;
  v_items integer;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;

  select * into v_claim from client_claims
  where tenant_id = p_tenant_id and token_hash = link_token_hash(p_token);
  v_refusal := case when v_claim.used_by = v_actor then null else check_client_claim(v_claim) end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;

  if v_claim.used_at is null then
    -- Every vet of the clinic, with the client's row and the actor's, in the order of their keys. The vets keep bookings
    -- away: one that runs holds its vet until it is committed and is seen below, one that comes later reads the pet's
    -- owner anew. It happens once in a client's life and takes milliseconds.
    perform from profiles
    where tenant_id = p_tenant_id and (id in (v_claim.client_id, v_actor) or role in ('vet', 'admin'))
    order by tenant_id, id
    for no key update;
    -- The link after them, as in invite_client. From here on it is known whose it is.
    select * into v_claim from client_claims
    where tenant_id = p_tenant_id and id = v_claim.id
    for update;
    v_refusal := case when v_claim.used_by = v_actor then null else check_client_claim(v_claim) end;
    if v_refusal is not null then
      return atomic_refusal(v_refusal);
    end if;
  end if;
  if v_claim.used_by = v_actor then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'client_id', v_actor, 'pets', 0, 'appointments', 0, 'items', 0
    );
  end if;

  select * into v_client from profiles where tenant_id = p_tenant_id and id = v_claim.client_id;
  if v_client.deleted_at is not null or v_client.role <> 'owner' then
    return atomic_refusal('LINK_INVALID');
  end if;
  if has_account(v_client.id) then
    return atomic_refusal('HAS_ACCOUNT');
  end if;

  -- Two links of one person, or a join at this moment: whoever comes second finds the profile.
  insert into profiles (tenant_id, id, role, full_name, email, phone)
  values (p_tenant_id, v_actor, 'owner', v_client.full_name, v_client.email, v_client.phone)
  on conflict (tenant_id, id) do nothing;
  select deleted_at into v_deleted_at from profiles where tenant_id = p_tenant_id and id = v_actor;
  -- Whom the clinic has taken off its books does not come back by a link.
  if v_deleted_at is not null then
    return atomic_refusal('FORBIDDEN');
  end if;
  update profiles set email = coalesce(email, v_client.email), phone = coalesce(phone, v_client.phone)
  where tenant_id = p_tenant_id and id = v_actor and (email is null or phone is null);

  -- The client's cart is locked by its row, which is made for the purpose: a first merge that runs at this moment has
  -- made one that is not seen yet.
  insert into carts (tenant_id, customer_id) values (p_tenant_id, v_client.id)
  on conflict (tenant_id, customer_id) do update set updated_at = now();
  select count(*) into v_items from cart_items where tenant_id = p_tenant_id and customer_id = v_client.id;
  if v_items > 0 then
    insert into carts (tenant_id, customer_id) values (p_tenant_id, v_actor)
    on conflict (tenant_id, customer_id) do update set updated_at = now();
    -- A join, as every merge: per line the larger quantity.
    insert into cart_items as i (tenant_id, customer_id, item_type, item_id, quantity, added_at)
    select tenant_id, v_actor, item_type, item_id, quantity, added_at
    from cart_items where tenant_id = p_tenant_id and customer_id = v_client.id
    on conflict (tenant_id, customer_id, item_type, item_id) do update
      set quantity = greatest(i.quantity, excluded.quantity);
  end if;
  delete from carts where tenant_id = p_tenant_id and customer_id = v_client.id;

  select count(*) into v_appointments
  from pets p join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
  where p.tenant_id = p_tenant_id and p.owner_id = v_client.id;
  update pets set owner_id = v_actor where tenant_id = p_tenant_id and owner_id = v_client.id;
  get diagnostics v_pets = row_count;
  begin
    update appointments set created_by = v_actor where tenant_id = p_tenant_id and created_by = v_client.id;
  exception
    -- A backend booked for the walk-in under a key that the actor has used, too. The actor's stays, for replays.
    when unique_violation then
      update appointments set created_by = v_actor, idempotency_key = null, request_hash = null
      where tenant_id = p_tenant_id and created_by = v_client.id;
  end;
  update appointment_events e set actor_id = v_actor
  from appointments a
  join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
  where p.tenant_id = p_tenant_id and p.owner_id = v_actor and a.tenant_id = p_tenant_id
    and e.tenant_id = p_tenant_id and e.appointment_id = a.id and e.actor_id = v_client.id;

  update profiles set deleted_at = now() where tenant_id = p_tenant_id and id = v_client.id;
  update client_claims set used_at = now(), used_by = v_actor where tenant_id = p_tenant_id and id = v_claim.id;
  return jsonb_build_object(
    'success', true, 'client_id', v_actor, 'pets', v_pets, 'appointments', v_appointments, 'items', v_items
  );
end
$$;

comment on function claim_client(text, text, uuid) is
  'Makes a walk-in client''s record the actor''s own, or says why not.';
revoke execute on function claim_client(text, text, uuid) from public, anon;
grant execute on function claim_client(text, text, uuid) to authenticated, service_role;
