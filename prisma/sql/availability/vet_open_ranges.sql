-- Returns the ranges within [p_from, p_to) in which these vets are open: one for each row of vet_hours on each of the
-- clinic's days, two if the clocks change inside it.
create or replace function vet_open_ranges(
  p_tenant_id text, p_vet_ids uuid[], p_from timestamptz, p_to timestamptz, p_timezone text
) returns table (vet_id uuid, hours_id uuid, day date, during tstzrange)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
  select h.vet_id, h.id, d.day, o.during
  from zone_offsets(p_timezone, p_from, p_to) z
  cross join lateral (
    select first.day + n as day
    from (select (p_from at time zone p_timezone)::date as day, (p_to at time zone p_timezone)::date as last_day) first
    cross join lateral generate_series(0, first.last_day - first.day) n
  ) d
  join vet_hours h
    on h.tenant_id = p_tenant_id and h.vet_id = any (p_vet_ids) and h.weekday = extract(isodow from d.day)
  cross join lateral (
    select z.during * tstzrange(
      (d.day + h.opens - z.utc_offset) at time zone 'UTC',
      (d.day + h.closes - z.utc_offset) at time zone 'UTC'
    ) as during
  ) o
  where not isempty(o.during);
end
$$;

comment on function vet_open_ranges(text, uuid[], timestamptz, timestamptz, text) is
  'The hours of vets as ranges of instants.';
revoke execute on function vet_open_ranges(text, uuid[], timestamptz, timestamptz, text)
  from public, anon, authenticated, service_role;
