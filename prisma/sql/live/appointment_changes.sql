-- Returns the changes since a moment, over all clinics: which appointment of which clinic, the instants of its start
-- before and after, and the clinic's dates that it touched before or touches now. The instants are equal if it did not
-- move, and "before" is null for a booking. It returns nothing else: a listener learns where to look, and then reads with
-- their own rights.
--
-- Where the event does not say when it ended, it is as long as it is now.
--
-- An event's time is the clock's when it was written, but the event becomes visible when its transaction commits:
-- later, and not always in that order. So each call looks back p_overlap_ms further than the last one's moment, and the
-- caller drops the event_ids that it has seen. A transaction that takes longer than that to commit is seen the next
-- time the calendar is read as a whole.
--
-- p_since: the greatest "at" that the caller has seen; null for now.
create or replace function login.appointment_changes(
  p_since timestamptz default null, p_overlap_ms integer default 5000
) returns table (
  event_id uuid, tenant_id text, appointment_id uuid, event text, at timestamptz,
  start_before timestamptz, start_after timestamptz, days date[]
)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_from timestamptz := coalesce(p_since, clock_timestamp()) - make_interval(secs => p_overlap_ms / 1000.0);
  -- Nothing is younger than this. A range of which the planner does not know both ends seems to it to be a third of the
  -- table.
  v_to timestamptz := greatest(clock_timestamp(), v_from) + interval '24 hours';
begin
  return query
    select c.id, c.tenant_id, c.appointment_id, c.event, c.at, c.before, c.after,
      array(
        select distinct first.day + n
        from (values
          (c.before, coalesce(c.end_before, c.before + c.length)), (c.after, coalesce(c.end_after, c.after + c.length))
        ) span (starts, ends)
        cross join lateral (
          -- an appointment that ends at midnight does not touch the next day
          select (span.starts at time zone c.timezone)::date as day,
            (greatest(span.ends - interval '1 microsecond', span.starts) at time zone c.timezone)::date as last_day
        ) first
        cross join lateral generate_series(0, first.last_day - first.day) n
        order by 1
      )
    from (
      -- Looked up for each row, because a join may read the other table from its beginning.
      select e.id, e.tenant_id, e.appointment_id, e.event, e.at,
        (e.details -> 'from' ->> 'start_time')::timestamptz as before,
        coalesce(e.details -> 'to' ->> 'start_time', e.details ->> 'start_time')::timestamptz as after,
        (e.details -> 'from' ->> 'end_time')::timestamptz as end_before,
        coalesce(e.details -> 'to' ->> 'end_time', e.details ->> 'end_time')::timestamptz as end_after,
        (
          select a.end_time - a.start_time from appointments a
          where a.tenant_id = e.tenant_id and a.id = e.appointment_id
        ) as length,
        (select t.timezone from tenants t where t.id = e.tenant_id) as timezone
      from appointment_events e
      where e.at > v_from and e.at < v_to
      union all
      select n.id, n.tenant_id, n.appointment_id, 'notes_changed', n.at, n.start_time, n.start_time, n.end_time,
        n.end_time, null, (select t.timezone from tenants t where t.id = n.tenant_id)
      from (
        select c.id, c.tenant_id, c.appointment_id, c.at, a.start_time, a.end_time
        from appointment_note_changes c
        left join lateral (
          select o.start_time, o.end_time from appointments o
          where o.tenant_id = c.tenant_id and o.id = c.appointment_id
          limit 1
        ) a on true
        where c.at > v_from and c.at < v_to
      ) n
    ) c
    order by c.at;
end
$$;

comment on function login.appointment_changes(timestamptz, integer) is
  'Which appointments changed since a moment, over all clinics.';
revoke execute on function login.appointment_changes(timestamptz, integer)
  from public, anon, authenticated, service_role;

do $$
declare
  v_login text;
begin
  -- Only to a login that was let into this database: roles are the cluster's, and another database's API may have the
  -- usual name. Where none was yet, prisma/api-role.sql grants the same.
  for v_login in
    select r.rolname from pg_namespace n cross join lateral aclexplode(n.nspacl) a join pg_roles r on r.oid = a.grantee
    where n.nspname = 'public' and r.rolname ~ '^vetcita_api(_\w+)?$'
  loop
    execute format('grant execute on function login.appointment_changes(timestamptz, integer) to %I', v_login);
  end loop;
end
$$;
