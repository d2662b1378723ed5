-- Sets the staff's notes about an appointment. That is no change of the appointment: no version, no event. Two people
-- who write at once would erase each other's text, so a caller may pass the notes that they read ('' for none), and
-- gets STALE_VERSION if the notes are different by now. p_tenant_id: an appointment of another clinic is NOT_FOUND.
--
-- Success: success, appointment_id, notes, version.
create or replace function set_appointment_notes(
  p_appointment_id uuid, p_notes text, p_performed_by uuid default null, p_expected_notes text default null,
  p_tenant_id text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_appointment appointments;
  v_access text;
  v_notes text := nullif(btrim(p_notes), '');
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;

  select * into v_appointment from appointments
  where id = p_appointment_id and tenant_id = coalesce(p_tenant_id, tenant_id);
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, true);
  if v_access <> 'staff' then
    return atomic_refusal(v_access);
  end if;
  select * into v_appointment from appointments
  where tenant_id = v_appointment.tenant_id and id = p_appointment_id
  for update;
  -- Checked again after the wait: the actor may have lost the role.
  v_access := appointment_access(v_appointment.tenant_id, v_appointment.pet_id, v_actor, true);
  if v_access <> 'staff' then
    return atomic_refusal(v_access);
  end if;

  if v_appointment.notes is distinct from v_notes then
    if coalesce(v_appointment.notes, '') <> p_expected_notes then
      return atomic_refusal('STALE_VERSION');
    end if;
    perform set_config('vetcita.actor', v_actor::text, true);
    update appointments set notes = v_notes
    where tenant_id = v_appointment.tenant_id and id = v_appointment.id;
    perform set_config('vetcita.actor', '', true);
  end if;
  return jsonb_build_object(
    'success', true, 'appointment_id', v_appointment.id, 'notes', v_notes, 'version', v_appointment.version
  );
end
$$;

comment on function set_appointment_notes(uuid, text, uuid, text, text) is
  'Sets the staff''s notes about an appointment.';
revoke execute on function set_appointment_notes(uuid, text, uuid, text, text) from public, anon;
grant execute on function set_appointment_notes(uuid, text, uuid, text, text) to authenticated, service_role;
