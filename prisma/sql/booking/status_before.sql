-- Returns what an appointment was before it got its present status, if that happened on the clinic's present day: where
-- one step back leads. Null if it cannot be taken back.
--
-- The event that led here is the last one that came from an earlier stage. Steps back are events, too, and would
-- otherwise lead forth again.
create or replace function status_before(
  p_tenant_id text, p_appointment_id uuid, p_status text, p_timezone text, p_at timestamptz
) returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_earlier text[] := case p_status
    when 'checked_in' then array['scheduled', 'confirmed', 'no_show']
    when 'in_progress' then array['checked_in']
    when 'completed' then array['in_progress']
    when 'cancelled' then array['held', 'scheduled', 'confirmed', 'checked_in']
    when 'no_show' then array['scheduled', 'confirmed', 'checked_in']
    else array[]::text[]
  end;
  v_before text;
  v_at timestamptz;
begin
  select e.details -> 'from' ->> 'status', e.at into v_before, v_at
  from appointment_events e
  where e.tenant_id = p_tenant_id and e.appointment_id = p_appointment_id
    and e.details -> 'to' ->> 'status' = p_status and e.details -> 'from' ->> 'status' = any (v_earlier)
  order by e.at desc, e.id
  limit 1;
  return case when (v_at at time zone p_timezone)::date = (p_at at time zone p_timezone)::date then v_before end;
end
$$;

comment on function status_before(text, uuid, text, text, timestamptz) is
  'What an appointment was before its present status, if one step back leads there.';
revoke execute on function status_before(text, uuid, text, text, timestamptz) from public, anon;
grant execute on function status_before(text, uuid, text, text, timestamptz) to authenticated, service_role;
