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
  'The terms that find a client or a pet.';
revoke execute on function clinic_access.search_terms(text, text, text, text) from public, anon;
grant execute on function clinic_access.search_terms(text, text, text, text) to authenticated, service_role;
