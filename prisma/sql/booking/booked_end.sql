-- Returns when an appointment that is completed was to end before it was completed, or null if that is not known.
create or replace function booked_end(p_tenant_id text, p_appointment_id uuid) returns timestamptz
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select (e.details -> 'from' ->> 'end_time')::timestamptz
    from appointment_events e
    where e.tenant_id = p_tenant_id and e.appointment_id = p_appointment_id
      and e.details -> 'to' ->> 'status' = 'completed'
    order by e.at desc, e.id
    limit 1
  );
end
$$;

comment on function booked_end(text, uuid) is 'When a completed appointment was to end.';
revoke execute on function booked_end(text, uuid) from public, anon, authenticated, service_role;
