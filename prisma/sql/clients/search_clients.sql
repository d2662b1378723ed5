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
  v_text text := btrim(clinic_access.search_text(p_text));
  v_words text[];
  v_terms tsquery[];
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

  return query
    with hits as (
      select p.id from profiles p
      where p.tenant_id = p_tenant_id
        and (
          v_terms[1] is null
          or clinic_access.search_terms(p.tenant_id, p.full_name, p.phone, p.email) @@ v_terms[1]
        )
      union
      select p.owner_id from pets p
      where p.tenant_id = p_tenant_id and p.deleted_at is null
        and clinic_access.search_terms(p.tenant_id, p.name, null, null) @@ v_terms[1]
    ),
    page as (
      select c.id, c.full_name, c.phone, c.email, row_number() over (
        order by
          case when v_text <> '' then starts_with(clinic_access.search_text(c.full_name), v_text) else false end desc,
          clinic_access.search_text(c.full_name), c.id
      ) as position
      from hits
      join profiles c on c.tenant_id = p_tenant_id and c.id = hits.id and c.deleted_at is null
      where (
          c.role = 'owner'
          -- the profiles of staff are clients only if they have a pet
          or exists (
            select from pets p where p.tenant_id = p_tenant_id and p.owner_id = c.id and p.deleted_at is null
          )
        )
        and not exists (
          select from unnest(v_terms[2:]) term
          where not clinic_access.search_terms(c.tenant_id, c.full_name, c.phone, c.email) @@ term
            and not exists (
              select from pets p
              where p.tenant_id = p_tenant_id and p.owner_id = c.id and p.deleted_at is null
                and clinic_access.search_terms(p.tenant_id, p.name, null, null) @@ term
            )
        )
      order by position
      limit p_limit offset p_offset
    )
    select c.id, c.full_name, c.phone, c.email, has_account(c.id), coalesce(own.pets, '[]')
    from page c
    left join lateral (
      select jsonb_agg(
        jsonb_build_object('id', p.id, 'name', p.name, 'species', p.species) order by p.name, p.id
      ) as pets
      from pets p where p.tenant_id = p_tenant_id and p.owner_id = c.id and p.deleted_at is null
    ) own on true
    order by c.position;
end
$$;

comment on function search_clients(text, text, uuid, integer, integer) is
  'The clients that a text finds. For staff.';
revoke execute on function search_clients(text, text, uuid, integer, integer) from public, anon;
grant execute on function search_clients(text, text, uuid, integer, integer) to authenticated, service_role;
