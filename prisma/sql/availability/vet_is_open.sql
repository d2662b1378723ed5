-- Returns whether the vet is open from start to end without a break. Adjoining rows (8 to 12 and 12 to 16, 22 to 24 and
-- 0 to 6) count as one. A vet without hours is always open where nobody keeps hours; as soon as one vet of the clinic does, the
-- others are closed until theirs are known.
create or replace function vet_is_open(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_end timestamptz, p_timezone text
) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if not exists (select from vet_hours where tenant_id = p_tenant_id and vet_id = p_vet_id) then
    return not exists (select from vet_hours where tenant_id = p_tenant_id);
  end if;
  return coalesce(
    (select range_agg(o.during) from vet_open_ranges(p_tenant_id, array[p_vet_id], p_start, p_end, p_timezone) o)
      @> tstzrange(p_start, p_end),
    false
  );
end
$$;

comment on function vet_is_open(text, uuid, timestamptz, timestamptz, text) is
  'Whether a vet is open from start to end; true in a clinic without hours.';
revoke execute on function vet_is_open(text, uuid, timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role;
