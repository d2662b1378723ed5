-- Turns a walk-in client's record into the actor's: pets, appointments, history and cart move to the actor's id, and
-- the walk-in's profile is deleted. An actor who is new to the clinic gets a profile with the name that the clinic
-- knows; an existing profile only gets the email or phone that it lacks.
--
-- Success: success, client_id (the actor), pets, appointments, items (how many moved). The same actor may repeat the
-- call; for anyone else the link is LINK_USED.
create or replace function claim_client(p_tenant_id text, p_token text, p_performed_by uuid default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_actor uuid := v_caller.actor;
  v_link record;
  v_client profiles;
  v_id uuid;
  v_deleted_at timestamptz;
  v_pets integer;
  v_appointments integer;
  v_appointment_ids uuid[];
  v_items integer;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if not v_caller.allowed or v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;

  v_link := open_link(p_tenant_id, 'claim', p_token, v_actor);
  if v_link.refusal is null and not v_link.is_replay then
    -- Lock every vet of the clinic, the client and the actor, in the order of their keys, then the link, as
    -- invite_client does. The vets' locks hold bookings back: one that is running holds its vet until it commits, and
    -- is seen below; a later one reads the pet's owner again. This happens once in a client's life and takes
    -- milliseconds.
    for v_id in
      select id from profiles where tenant_id = p_tenant_id and has_calendar(role)
      union select v_link.client_id
      union select v_actor
      order by 1
    loop
      perform from profiles where tenant_id = p_tenant_id and id = v_id for no key update;
    end loop;
    v_link := open_link(p_tenant_id, 'claim', p_token, v_actor, p_lock => true);
  end if;
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  if v_link.is_replay then
    return jsonb_build_object(
      'success', true, 'replayed', true, 'client_id', v_actor, 'pets', 0, 'appointments', 0, 'items', 0
    );
  end if;

  select * into v_client from profiles where tenant_id = p_tenant_id and id = v_link.client_id;
  if v_client.deleted_at is not null or v_client.role <> 'owner' then
    return atomic_refusal('LINK_INVALID');
  end if;
  if has_account(v_client.id) then
    return atomic_refusal('HAS_ACCOUNT');
  end if;

  -- The actor may be using another link, or joining, at this moment: whichever comes second finds the profile.
  insert into profiles (tenant_id, id, role, full_name, email, phone)
  values (p_tenant_id, v_actor, 'owner', v_client.full_name, v_client.email, v_client.phone)
  on conflict (tenant_id, id) do nothing;
  select deleted_at into v_deleted_at from profiles where tenant_id = p_tenant_id and id = v_actor;
  -- A person whom the clinic has removed does not come back by a link.
  if v_deleted_at is not null then
    return atomic_refusal('FORBIDDEN');
  end if;
  update profiles set email = coalesce(email, v_client.email), phone = coalesce(phone, v_client.phone)
  where tenant_id = p_tenant_id and id = v_actor and (email is null or phone is null);

  -- The client's cart is locked by its row, which is made for the purpose: a first merge that is running has made one
  -- that cannot be seen yet.
  insert into carts (tenant_id, customer_id) values (p_tenant_id, v_client.id)
  on conflict (tenant_id, customer_id) do update set updated_at = excluded.updated_at;
  select count(*) into v_items from cart_items where tenant_id = p_tenant_id and customer_id = v_client.id;
  if v_items > 0 then
    insert into carts (tenant_id, customer_id) values (p_tenant_id, v_actor)
    on conflict (tenant_id, customer_id) do update set updated_at = excluded.updated_at;
    -- As in every merge: per line the larger quantity.
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
  v_appointment_ids := array(
    select a.id
    from pets p join appointments a on a.tenant_id = p.tenant_id and a.pet_id = p.id
    where p.tenant_id = p_tenant_id and p.owner_id = v_actor
  );
  update appointment_events set actor_id = v_actor
  where tenant_id = p_tenant_id and appointment_id = any (v_appointment_ids) and actor_id = v_client.id;

  update profiles set deleted_at = now() where tenant_id = p_tenant_id and id = v_client.id;
  update links set used_at = now(), used_by = v_actor where tenant_id = p_tenant_id and id = v_link.id;
  return jsonb_build_object(
    'success', true, 'client_id', v_actor, 'pets', v_pets, 'appointments', v_appointments, 'items', v_items
  );
end
$$;

comment on function claim_client(text, text, uuid) is
  'Turns a walk-in client''s record into the actor''s, or says why not.';
revoke execute on function claim_client(text, text, uuid) from public, anon;
grant execute on function claim_client(text, text, uuid) to authenticated, service_role;
