-- Appointments with what may be done with them now, by the same rules that the functions apply. Row-level security
-- gives readers the rows that they may read in the table.
create or replace view appointment_states with (security_invoker) as
select a.tenant_id, a.id, a.pet_id, a.service_id, a.vet_id, a.start_time, a.end_time, a.busy_until, s.status, a.version,
  a.reason, a.cancellation_reason, a.updated_at, t.timezone, coalesce(a.currency, t.currency) as currency,
  is_movable(a.status) as staff_can_move,
  is_movable(a.status) and keeps_notice(a.start_time, t.change_notice_minutes, now()) as owner_can_move,
  'cancelled' = any (next_statuses(s.status)) as staff_can_cancel,
  'cancelled' = any (next_statuses(s.status))
    and may_cancel(a.start_time, a.created_at, t.change_notice_minutes, t.grace_minutes, now()) as owner_can_cancel,
  -- on a day before its own nobody comes and nobody is missed
  case
    when (a.start_time at time zone t.timezone)::date > (now() at time zone t.timezone)::date
      then array_remove(array_remove(next_statuses(s.status), 'checked_in'), 'no_show')
    else next_statuses(s.status)
  end as next_statuses,
  is_open_status(a.status, a.hold_expires_at, now()) and a.end_time > now() as is_upcoming,
  a.price, a.service_name, a.squeeze_in, a.overrides, a.hold_expires_at
from appointments a
join tenants t on t.id = a.tenant_id
-- a hold that has expired is no longer one, whether or not its row says so yet
cross join lateral (
  select case when is_active_status(a.status, a.hold_expires_at, now()) or a.status <> 'held' then a.status
    else 'cancelled' end as status
) s;

comment on view appointment_states is 'Appointments with what may be done with them now.';
revoke all on appointment_states from public, anon, authenticated, service_role;
grant select on appointment_states to authenticated, service_role;
