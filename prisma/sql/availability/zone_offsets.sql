-- Returns the offsets from UTC that a zone has between two instants, each with the range in which it holds. Wall times
-- are turned into instants one offset at a time, so that an hour that the clocks skip is in no range, and an hour that
-- they repeat is in two. A change is found by bisecting the day that it is in; no zone changes twice in 24 hours.
create or replace function zone_offsets(p_timezone text, p_from timestamptz, p_to timestamptz)
returns table (utc_offset interval, during tstzrange)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_since timestamptz := p_from;
  v_at timestamptz := p_from;
  v_next timestamptz;
  v_next_offset interval;
  v_before bigint;
  v_after bigint;
  v_middle bigint;
begin
  utc_offset := (v_at at time zone p_timezone) - (v_at at time zone 'UTC');
  while v_at < p_to loop
    v_next := least(v_at + interval '24 hours', p_to);
    v_next_offset := (v_next at time zone p_timezone) - (v_next at time zone 'UTC');
    if v_next_offset <> utc_offset then
      v_before := floor(extract(epoch from v_at));
      v_after := ceil(extract(epoch from v_next));
      while v_after - v_before > 1 loop
        v_middle := (v_before + v_after) / 2;
        if (to_timestamp(v_middle) at time zone p_timezone) - (to_timestamp(v_middle) at time zone 'UTC')
          = utc_offset
        then
          v_before := v_middle;
        else
          v_after := v_middle;
        end if;
      end loop;
      during := tstzrange(v_since, to_timestamp(v_after));
      return next;
      v_since := to_timestamp(v_after);
      utc_offset := v_next_offset;
    end if;
    v_at := v_next;
  end loop;
  during := tstzrange(v_since, p_to);
  return next;
end
$$;

comment on function zone_offsets(text, timestamptz, timestamptz) is
  'A zone''s offsets from UTC between two instants.';
revoke execute on function zone_offsets(text, timestamptz, timestamptz) from public, anon, authenticated, service_role;
