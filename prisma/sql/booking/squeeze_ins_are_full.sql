-- Returns whether this vet has the two squeeze-ins that one hour may have. Called while the vet is locked. The hour is any
-- 60 minutes around the start, so that the clock's hour does not make four possible.
create or replace function squeeze_ins_are_full(p_tenant_id text, p_vet_id uuid, p_start timestamptz, p_except_id uuid)
returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select count(*) >= 2 from appointments
    where tenant_id = p_tenant_id and vet_id = p_vet_id and squeeze_in and status not in ('cancelled', 'no_show')
      and start_time > p_start - interval '1 hour' and start_time < p_start + interval '1 hour'
      and id is distinct from p_except_id
  );
end
$$;

comment on function squeeze_ins_are_full(text, uuid, timestamptz, uuid) is
  'Whether an hour has as many squeeze-ins as it may have.';
revoke execute on function squeeze_ins_are_full(text, uuid, timestamptz, uuid)
  from public, anon, authenticated, service_role;
