-- Cancels the holds of this vet that have expired and overlap [p_start, p_busy_until), and returns whether there were
-- any. A hold that expires changes no row, so the exclusion constraint still counts it: whoever needs its time takes it
-- away, while the vet is locked.
create or replace function drop_expired_holds(
  p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_busy_until timestamptz, p_except_id uuid default null
) returns boolean
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
begin
  update appointments set status = 'cancelled', cancelled_at = v_now
  where tenant_id = p_tenant_id and vet_id = p_vet_id and status = 'held' and hold_expires_at <= v_now
    and start_time > p_start - interval '24 hours' and start_time < p_busy_until and busy_until > p_start
    and id is distinct from p_except_id;
  return found;
end
$$;

comment on function drop_expired_holds(text, uuid, timestamptz, timestamptz, uuid) is
  'Cancels expired holds that are in the way.';
revoke execute on function drop_expired_holds(text, uuid, timestamptz, timestamptz, uuid)
  from public, anon, authenticated, service_role;
