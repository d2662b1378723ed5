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
  'The clients that a text finds. For staff.';
revoke execute on function search_clients(text, text, uuid, integer, integer) from public, anon;
grant execute on function search_clients(text, text, uuid, integer, integer) to authenticated, service_role;
