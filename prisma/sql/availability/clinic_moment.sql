-- A moment as every answer writes it: ISO 8601 with the offset that the clinic's zone has at that instant, so that its
-- first 16 characters are the clinic's wall clock. Microseconds only if there are any. PostgreSQL computes it, because
-- its zone data also decides opening hours. The variables keep each conversion from being made three times.
create or replace function clinic_moment(p_at timestamptz, p_timezone text) returns text
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
declare
  v_local timestamp := p_at at time zone p_timezone;
  v_utc timestamp := p_at at time zone 'UTC';
begin
  return replace(to_char(v_local, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '')
    || case when v_local < v_utc then '-' else '+' end
    || to_char(greatest(v_local, v_utc) - least(v_local, v_utc), 'HH24:MI');
end
$$;

comment on function clinic_moment(timestamptz, text) is
  'An instant as ISO 8601 text with a zone''s offset at that instant.';
revoke execute on function clinic_moment(timestamptz, text) from public;
grant execute on function clinic_moment(timestamptz, text) to anon, authenticated, service_role;
