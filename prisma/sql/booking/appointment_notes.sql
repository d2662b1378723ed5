-- Returns the staff's notes about these appointments of a clinic; no row for one without notes, and none at all for a
-- caller who is not staff there. It is the only way by which a client of the database reads notes, because a right to
-- read the column would be every owner's, too.
create or replace function appointment_notes(
  p_tenant_id text, p_appointment_ids uuid[], p_performed_by uuid default null
) returns table (appointment_id uuid, notes text)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
begin
  if not v_caller.allowed or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return;
  end if;
  return query
    select a.id, a.notes from appointments a
    where a.tenant_id = p_tenant_id and a.id = any (p_appointment_ids) and a.notes is not null;
end
$$;

comment on function appointment_notes(text, uuid[], uuid) is
  'The staff''s notes about appointments, for staff.';
revoke execute on function appointment_notes(text, uuid[], uuid) from public, anon;
grant execute on function appointment_notes(text, uuid[], uuid) to authenticated, service_role;
