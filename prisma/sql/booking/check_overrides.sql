-- Returns what is wrong with the overrides of a call, apart from who makes it: an error code or null. A squeeze-in needs a
-- reason, so that whoever finds two patients at one time learns why.
--
-- Raises 22023 if one of them does not exist.
create or replace function check_overrides(p_overrides text[], p_reason text) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if not p_overrides <@ array['pet_busy', 'closed', 'services', 'squeeze_in'] then
    raise exception 'p_overrides may hold pet_busy, closed, services and squeeze_in, not %.', p_overrides
      using errcode = '22023';
  end if;
  return case when 'squeeze_in' = any (p_overrides) and coalesce(btrim(p_reason), '') = '' then 'REASON_REQUIRED' end;
end
$$;

comment on function check_overrides(text[], text) is 'What is wrong with the overrides of a call.';
revoke execute on function check_overrides(text[], text) from public, anon, authenticated, service_role;
