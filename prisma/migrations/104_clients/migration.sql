-- 104: clients as the staff keep them: created, searched, and claimed by the person they are.
--
-- A walk-in client is a profile with a random id, and a claim's link turns it into the account of the person who opens
-- it. The races that end: two people open one link; a booking, a merge of carts or a new pet for the walk-in runs while
-- the record is claimed. Each of those ends up with the person who claimed it.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(104, array[
  'is_clinic_admin', 'link_hash', 'make_link', 'open_link', 'has_account', 'invite_client', 'read_client_claim',
  'claim_client', 'search_text', 'search_terms', 'search_clients', 'request_uuid', 'create_client', 'add_client_pet'
]);

-- prisma/sql/identity/is_clinic_admin.sql
-- Returns whether the actor is an admin of this clinic and not deleted.
create or replace function is_clinic_admin(p_tenant_id text, p_actor uuid) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return exists (
    select from profiles where tenant_id = p_tenant_id and id = p_actor and role = 'admin' and deleted_at is null
  );
end
$$;

comment on function is_clinic_admin(text, uuid) is 'Migration 104. An admin of this clinic, and not deleted.';
revoke execute on function is_clinic_admin(text, uuid) from public, anon, authenticated, service_role;

-- prisma/sql/identity/link_hash.sql
-- What is stored of a link's token, so that no one who reads the table, or a backup of it, can use the link.
create or replace function link_hash(p_token text) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
$$;

comment on function link_hash(text) is 'Migration 104. The SHA-256 of a link''s token, in hex.';
revoke execute on function link_hash(text) from public, anon, authenticated, service_role;

-- prisma/sql/identity/make_link.sql
-- Makes a single-use link: a claim (with p_client_id) or an invitation (with p_role and p_label). The token is two
-- random uuids, 244 random bits. Only its hash is stored, so this answer is the only place where it can be read.
create or replace function make_link(
  p_tenant_id text, p_kind text, p_created_by uuid, p_valid_for interval,
  p_client_id uuid default null, p_role text default null, p_label text default null,
  out id uuid, out token text, out expires_at timestamptz
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
  expires_at := now() + p_valid_for;
  insert into links as l (tenant_id, kind, client_id, role, label, token_hash, created_by, expires_at)
  values (p_tenant_id, p_kind, p_client_id, p_role, p_label, link_hash(token), p_created_by, expires_at)
  returning l.id into id;
end
$$;

comment on function make_link(text, text, uuid, interval, uuid, text, text) is
  'Migration 104. Makes a single-use link and returns its token.';
revoke execute on function make_link(text, text, uuid, interval, uuid, text, text)
  from public, anon, authenticated, service_role;

-- prisma/sql/identity/open_link.sql
-- Finds a link by its token. refusal: why this actor may not use it, or null. is_replay: this actor has used it
-- already, which is no refusal. With p_lock, it waits for another caller who is using the link, and reads the link
-- afterwards.
--
-- An invitation ends when the person who made it is no longer an admin; otherwise a dismissed admin would keep a key.
create or replace function open_link(
  p_tenant_id text, p_kind text, p_token text, p_actor uuid, p_lock boolean default false,
  out refusal text, out is_replay boolean, out id uuid, out created_by uuid, out client_id uuid, out role text
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_hash text := link_hash(p_token);
  v_used_by uuid;
  v_expires_at timestamptz;
begin
  if p_lock then
    perform from links l where l.tenant_id = p_tenant_id and l.token_hash = v_hash for update;
  end if;
  select l.id, l.created_by, l.client_id, l.role, l.used_by, l.expires_at
    into id, created_by, client_id, role, v_used_by, v_expires_at
  from links l
  where l.tenant_id = p_tenant_id and l.token_hash = v_hash and l.kind = p_kind;
  is_replay := coalesce(v_used_by = p_actor, false);
  refusal := case
    when id is null then 'LINK_INVALID'
    when is_replay then null
    when v_used_by is not null then 'LINK_USED'
    when v_expires_at <= clock_timestamp() then 'LINK_EXPIRED'
    when p_kind = 'invitation' and not is_clinic_admin(p_tenant_id, created_by) then 'LINK_INVALID'
  end;
end
$$;

comment on function open_link(text, text, text, uuid, boolean) is
  'Migration 104. A link by its token, and why it may not be used.';
revoke execute on function open_link(text, text, text, uuid, boolean) from public, anon, authenticated, service_role;

-- prisma/sql/identity/has_account.sql
-- Returns whether a person signs in with this id, by the API's own tables or, if it exists, the platform's.
create or replace function has_account(p_id uuid) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_found boolean := exists (select from login."user" where id = p_id);
begin
  if not v_found and to_regclass('auth.users') is not null then
    if has_table_privilege(current_user, 'auth.users', 'select') then
      execute 'select exists (select from auth.users where id = $1)' into v_found using p_id;
    end if;
  end if;
  return v_found;
end
$$;

comment on function has_account(uuid) is 'Migration 104. Whether a person signs in with this id.';
revoke execute on function has_account(uuid) from public, anon, authenticated, service_role;

-- prisma/sql/clients/invite_client.sql
-- Makes the link by which a walk-in client claims their record, and ends earlier links that were not used. For staff.
--
-- Success: success, client_id, token, expires_at.
create or replace function invite_client(p_tenant_id text, p_client_id uuid, p_performed_by uuid default null)
returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_link record;
begin
  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  if not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('CLIENT_NOT_FOUND');
  end if;

  -- The client's row is the lock: of two links made at once, only the second one works.
  perform from profiles
  where tenant_id = p_tenant_id and id = p_client_id and role = 'owner' and deleted_at is null
  for no key update;
  if not found or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('CLIENT_NOT_FOUND');
  end if;
  if has_account(p_client_id) then
    return atomic_refusal('HAS_ACCOUNT');
  end if;
  delete from links where tenant_id = p_tenant_id and client_id = p_client_id and used_at is null;
  v_link := make_link(p_tenant_id, 'claim', v_caller.actor, interval '336 hours', p_client_id => p_client_id);
  return jsonb_build_object(
    'success', true, 'client_id', p_client_id, 'token', v_link.token, 'expires_at', v_link.expires_at
  );
end
$$;

comment on function invite_client(text, uuid, uuid) is
  'Migration 104. Makes the link by which a walk-in client claims their record.';
revoke execute on function invite_client(text, uuid, uuid) from public, anon;
grant execute on function invite_client(text, uuid, uuid) to authenticated, service_role;

-- prisma/sql/clients/read_client_claim.sql
-- Returns what a claim's link leads to: enough for people to recognize their own record before they use it.
--
-- Success: success, client_name, pets (names), yours (this actor has used the link already).
create or replace function read_client_claim(p_tenant_id text, p_token text, p_performed_by uuid default null)
returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_link record;
begin
  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_link := open_link(p_tenant_id, 'claim', p_token, v_caller.actor);
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  return (
    select jsonb_build_object(
      'success', true, 'client_name', c.full_name, 'yours', v_link.is_replay,
      'pets', coalesce((
        select jsonb_agg(p.name order by p.name, p.id) from pets p
        where p.tenant_id = p_tenant_id and p.deleted_at is null
          and p.owner_id = case when v_link.is_replay then v_caller.actor else v_link.client_id end
      ), '[]')
    )
    from profiles c where c.tenant_id = p_tenant_id and c.id = v_link.client_id
  );
end
$$;

comment on function read_client_claim(text, text, uuid) is 'Migration 104. What a claim''s link leads to.';
revoke execute on function read_client_claim(text, text, uuid) from public, anon;
grant execute on function read_client_claim(text, text, uuid) to authenticated, service_role;

-- prisma/sql/clients/claim_client.sql
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
      select id from profiles where tenant_id = p_tenant_id and role in ('vet', 'admin')
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
  'Migration 104. Turns a walk-in client''s record into the actor''s, or says why not.';
revoke execute on function claim_client(text, text, uuid) from public, anon;
grant execute on function claim_client(text, text, uuid) to authenticated, service_role;

-- prisma/sql/clients/follow_claimed_owner.sql
-- A pet may be added to a walk-in client while the client claims the record. The insert waits for the client's row, and
-- then gives the pet to the person who claimed it.
create or replace function follow_claimed_owner() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_deleted_at timestamptz;
begin
  select deleted_at into v_deleted_at from profiles
  where tenant_id = new.tenant_id and id = new.owner_id
  for share;
  if v_deleted_at is not null then
    new.owner_id := coalesce(
      (select used_by from links
       where tenant_id = new.tenant_id and client_id = new.owner_id and used_by is not null),
      new.owner_id
    );
  end if;
  return new;
end
$$;

create or replace trigger pets_follow_claimed_owner before insert on pets
  for each row execute function follow_claimed_owner();

comment on function follow_claimed_owner() is
  'Migration 104. Trigger: a new pet of a claimed client belongs to the claimant.';
revoke execute on function follow_claimed_owner() from public, anon, authenticated, service_role;

-- prisma/sql/clients/search_text.sql
-- Returns the form in which texts are searched and compared: lower case, without accents and apostrophes, so that
-- "nunez" finds "Núñez" and "ohara" finds "O’Hara". Clients, pets and products use it both for what is stored and for
-- what is typed. It is in clinic_access and granted to every role, because indexes, triggers and visitors' searches run
-- it as their caller.
create or replace function clinic_access.search_text(p_text text) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select lower(translate(
    normalize(p_text, nfc),
    'ÁÀÂÃÄÅáàâãäåÉÈÊËẼéèêëẽÍÌÎÏĨíìîïĩÓÒÔÕÖóòôõöÚÙÛÜŨúùûüũÝỸýỹÇçÑñ''’‘ʼ´`′',
    'aaaaaaaaaaaaeeeeeeeeeeiiiiiiiiiioooooooooouuuuuuuuuuyyyyccnn'
  ))
$$;

comment on function clinic_access.search_text(text) is
  'Migration 104. The form in which texts are searched and compared.';
revoke execute on function clinic_access.search_text(text) from public;
grant execute on function clinic_access.search_text(text) to anon, authenticated, service_role;

-- prisma/sql/clients/search_terms.sql
-- Returns the terms that find a client or a pet, each with the clinic in front, so that an entry of the index belongs
-- to one clinic: every word of the name (of "O’Hara" also "o" and "hara"), the email, and every suffix of the phone's
-- digits, because people remember its end.
create or replace function clinic_access.search_terms(p_tenant_id text, p_name text, p_phone text, p_email text)
returns tsvector
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select array_to_tsvector(array(
    select p_tenant_id || '/' || term
    from (
      select regexp_split_to_table(clinic_access.search_text(name), '[\s,;:()"/\\]+') as term
      from unnest(array[p_name, translate(p_name, '''’‘ʼ´`′', '       ')]) name
      union all
      select clinic_access.search_text(p_email)
      union all
      select substr(d.digits, n)
      from (select regexp_replace(p_phone, '\D', '', 'g') as digits) d, generate_series(1, length(d.digits) - 2) n
    ) terms
    where term <> ''
  ))
$$;

comment on function clinic_access.search_terms(text, text, text, text) is
  'Migration 104. The terms that find a client or a pet.';
revoke execute on function clinic_access.search_terms(text, text, text, text) from public, anon;
grant execute on function clinic_access.search_terms(text, text, text, text) to authenticated, service_role;

-- prisma/sql/cart/set_product_search_text.sql
-- Keeps a product's search_text. Folding all products again for each search takes half a second for 5,000 of them.
create or replace function set_product_search_text() returns trigger
language plpgsql
set search_path = public, pg_temp
as $$
begin
  new.search_text := clinic_access.search_text(concat_ws(' ', new.name, new.description, new.category));
  return new;
end
$$;

create or replace trigger store_products_search_text before insert or update of name, description, category
  on store_products
  for each row execute function set_product_search_text();

comment on function set_product_search_text() is
  'Migration 104. Trigger: search_text follows what a product is found by.';
revoke execute on function set_product_search_text() from public, anon, authenticated, service_role;

-- prisma/sql/clients/search_clients.sql
-- Returns the clients that a text finds: for each of its words, the name, email, phone or a pet's name has a word that
-- begins with it. Without a text it returns all clients. They are ordered by name, those first whose name begins with
-- the text. A phone may be typed without its leading zero, and from any digit on. For staff; anyone else gets no rows.
--
-- pets: [{id, name, species}]. has_account: whether they sign in themselves.
create or replace function search_clients(
  p_tenant_id text,
  p_text text default null,
  p_performed_by uuid default null,
  p_limit integer default 20,
  p_offset integer default 0
) returns table (
  client_id uuid, full_name text, phone text, email text, has_account boolean, pets jsonb
)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_text text := coalesce(btrim(clinic_access.search_text(p_text)), '');
  v_words text[];
  v_terms tsquery[];
  v_needed bigint := p_limit::bigint + p_offset;
  v_client record;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed or not is_clinic_staff(p_tenant_id, v_actor) then
    return;
  end if;

  -- a phone with its spaces and signs is one word
  v_words := case
    when v_text ~ '^[\d\s()+./-]+$' then array[ltrim(regexp_replace(v_text, '\D', '', 'g'), '0')]
    else regexp_split_to_array(v_text, '[\s,;:()"/\\]+')
  end;
  -- the longest word first: it has the fewest matches
  v_terms := array(
    select format('''%s'':*', p_tenant_id || '/' || word)::tsquery
    from unnest(v_words) word where word <> ''
    order by length(word) desc
  );

  for v_client in
    -- Those whose name begins with the text come first. They are read in order from profiles_name_idx, and no more of
    -- them than the page needs: without a text, or with one letter, they are many of the clients.
    with named as materialized (
      select c.id, clinic_access.search_text(c.full_name) collate "C" as name
      from profiles c
      where c.tenant_id = p_tenant_id and c.deleted_at is null
        and clinic_access.search_text(c.full_name) collate "C" >= v_text
        and clinic_access.search_text(c.full_name) collate "C" < v_text || chr(1114111)
        and (
          c.role = 'owner'
          -- The profiles of staff are clients only if they have a pet. Not "exists", which may read everyone's pets once
          -- to answer for each.
          or (
            select true from pets p
            where p.tenant_id = c.tenant_id and p.owner_id = c.id and p.deleted_at is null
            limit 1
          )
        )
      order by clinic_access.search_text(c.full_name) collate "C", c.id
      limit v_needed
    ),
    -- The clinic is part of the term, so that no other condition tempts the planner away from the indexes of the terms.
    hits as (
      select p.id from profiles p
      where clinic_access.search_terms(p.tenant_id, p.full_name, p.phone, p.email) @@ v_terms[1]
      union
      select p.owner_id from pets p
      where p.deleted_at is null and clinic_access.search_terms(p.tenant_id, p.name, null, null) @@ v_terms[1]
    ),
    others as (
      select c.id, c.name
      from hits
      cross join lateral (
        select p.id, p.role, p.full_name, p.phone, p.email, clinic_access.search_text(p.full_name) collate "C" as name
        from profiles p
        where p.tenant_id = p_tenant_id and p.id = hits.id and p.deleted_at is null
        limit 1
      ) c
      where (select count(*) from named) < v_needed
        and not starts_with(c.name, v_text)
        and (
          c.role = 'owner'
          or (
            select true from pets p
            where p.tenant_id = p_tenant_id and p.owner_id = c.id and p.deleted_at is null
            limit 1
          )
        )
        and not exists (
          select from unnest(v_terms[2:]) term
          where not clinic_access.search_terms(p_tenant_id, c.full_name, c.phone, c.email) @@ term
            and (
              select true from pets p
              where p.tenant_id = p_tenant_id and p.owner_id = c.id and p.deleted_at is null
                and clinic_access.search_terms(p.tenant_id, p.name, null, null) @@ term
              limit 1
            ) is null
        )
      order by c.name, c.id
      limit v_needed
    )
    select page.id
    from (select 1 as part, n.id, n.name from named n union all select 2, o.id, o.name from others o) page
    order by page.part, page.name, page.id
    limit p_limit offset p_offset
  loop
    select c.id, c.full_name, c.phone, c.email into client_id, full_name, phone, email
    from profiles c where c.tenant_id = p_tenant_id and c.id = v_client.id;
    has_account := has_account(v_client.id);
    select coalesce(
        jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'species', p.species) order by p.name, p.id), '[]'
      ) into pets
    from pets p where p.tenant_id = p_tenant_id and p.owner_id = v_client.id and p.deleted_at is null;
    return next;
  end loop;
end
$$;

comment on function search_clients(text, text, uuid, integer, integer) is
  'Migration 104. The clients that a text finds. For staff.';
revoke execute on function search_clients(text, text, uuid, integer, integer) from public, anon;
grant execute on function search_clients(text, text, uuid, integer, integer) to authenticated, service_role;

-- prisma/sql/clients/request_uuid.sql
-- Derives the id of what a request creates: the same for the same request, and different for any other. A request that
-- is sent again after a lost answer, or twice at once, finds the existing row. Nobody can choose the id, so knowing a
-- key does not help to occupy another request's. It is marked as version 8, which is no random uuid, so it never equals
-- an account's id.
create or replace function request_uuid(variadic p_request text[]) returns uuid
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_hash text := encode(sha256(convert_to(to_json(p_request)::text, 'UTF8')), 'hex');
begin
  return overlay(overlay(left(v_hash, 32) placing '8' from 13) placing 'a' from 17)::uuid;
end
$$;

comment on function request_uuid(text[]) is 'Migration 104. The id of what a request creates.';
revoke execute on function request_uuid(text[]) from public, anon, authenticated, service_role;

-- prisma/sql/clients/create_client.sql
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
  'Migration 104. Creates a walk-in client, with or without a pet, once for each key.';
revoke execute on function create_client(text, text, text, text, text, text, uuid, text) from public, anon;
grant execute on function create_client(text, text, text, text, text, text, uuid, text) to authenticated, service_role;

-- prisma/sql/clients/add_client_pet.sql
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
  'Migration 104. Adds a client''s pet, once for each key.';
revoke execute on function add_client_pet(text, uuid, text, text, uuid, text) from public, anon;
grant execute on function add_client_pet(text, uuid, text, text, uuid, text) to authenticated, service_role;

-- prisma/sql/policies/links.sql
-- Staff see the claims and admins the invitations: that there is one, since when and until when. No one sees a hash.
revoke all on links from public, anon, authenticated;
alter table links enable row level security;
grant select (
  tenant_id, id, kind, client_id, role, label, created_by, created_at, expires_at, used_at, used_by
) on links to authenticated, service_role;

create policy links_backend on links to service_role using (true) with check (true);
create policy links_claims on links for select to authenticated
  using (kind = 'claim' and tenant_id = any ((select clinic_access.staff_tenants())::text[]));
create policy links_invitations on links for select to authenticated
  using (kind = 'invitation' and tenant_id = any ((select clinic_access.admin_tenants())::text[]));

comment on policy links_backend on links is
  'Migration 104. On a managed platform service_role bypasses row-level security; elsewhere it has this policy.';
-- prisma/sql ends

update store_products set name = name;

-- Without a list of pending entries, which every search would read: a clinic's clients are searched more often than
-- written.
create index profiles_search_idx on profiles
  using gin (clinic_access.search_terms(tenant_id, full_name, phone, email)) with (fastupdate = off);

create index pets_search_idx on pets
  using gin (clinic_access.search_terms(tenant_id, name, null, null)) with (fastupdate = off);

-- In the order in which clients are listed.
create index profiles_name_idx on profiles (tenant_id, (clinic_access.search_text(full_name) collate "C"));

commit;
