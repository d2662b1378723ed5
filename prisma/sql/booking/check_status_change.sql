-- Returns what keeps an appointment from taking the new status: an error code or null.
create or replace function check_status_change(
  p_tenant_id text, p_status text, p_start_time timestamptz, p_version integer,
  p_access text, p_new_status text, p_expected_version integer, p_booked_at timestamptz
) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_notice integer;
  v_grace integer;
begin
  if p_new_status is null or p_new_status <> all (next_statuses(p_status))
    or (p_access = 'owner' and p_new_status <> 'cancelled')
    -- no one has missed an appointment before it starts
    or (p_new_status = 'no_show' and p_start_time > clock_timestamp())
  then
    return 'INVALID_TRANSITION';
  end if;
  if p_version <> p_expected_version then
    return 'STALE_VERSION';
  end if;
  if p_access = 'owner' then
    select change_notice_minutes, grace_minutes into v_notice, v_grace from tenants where id = p_tenant_id;
    if not may_cancel(p_start_time, p_booked_at, v_notice, v_grace, clock_timestamp()) then
      return 'TOO_LATE';
    end if;
  end if;
  return null;
end
$$;

comment on function check_status_change(text, text, timestamptz, integer, text, text, integer, timestamptz) is
  'What keeps an appointment from taking a status.';
revoke execute on function check_status_change(text, text, timestamptz, integer, text, text, integer, timestamptz)
  from public, anon, authenticated, service_role;
