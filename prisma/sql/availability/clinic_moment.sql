-- A moment as every answer writes it: ISO 8601 with the offset that the clinic's zone has at that instant, so that its
-- first 16 characters are the clinic's wall clock. Microseconds only if there are any. PostgreSQL computes it, because
-- its zone data also decides opening hours. A body of standard SQL without settings, so that queries inline it.
create or replace function clinic_moment(p_at timestamptz, p_timezone text) returns text
language sql stable parallel safe
return replace(to_char(p_at at time zone p_timezone, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '')
  || case when p_at at time zone p_timezone < p_at at time zone 'UTC' then '-' else '+' end
  || to_char(
    greatest(p_at at time zone p_timezone, p_at at time zone 'UTC')
      - least(p_at at time zone p_timezone, p_at at time zone 'UTC'),
    'HH24:MI'
  );

comment on function clinic_moment(timestamptz, text) is
  'An instant as ISO 8601 text with a zone''s offset at that instant.';
revoke execute on function clinic_moment(timestamptz, text) from public, anon;
grant execute on function clinic_moment(timestamptz, text) to authenticated, service_role;
