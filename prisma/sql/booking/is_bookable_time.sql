-- Returns whether an appointment may start at this time, as of now. Staff may record a walk-in who came some minutes
-- ago.
create or replace function is_bookable_time(p_start_time timestamptz, p_as_staff boolean) returns boolean
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  return coalesce(
    isfinite(p_start_time)
      and p_start_time < timestamptz '3000-01-01 00:00:00Z'
      and p_start_time > clock_timestamp() - case when p_as_staff then interval '30 minutes' else interval '0' end,
    false
  );
end
$$;

comment on function is_bookable_time(timestamptz, boolean) is
  'In the future, or just past for staff, and before the year 3000.';
revoke execute on function is_bookable_time(timestamptz, boolean) from public, anon, authenticated, service_role;
