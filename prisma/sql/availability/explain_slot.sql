-- Says which rules refuse a time, all of them and not only the first: for staff, and for whoever answers their questions.
-- Takes no lock, so a booking may find another answer.
--
-- p_pet_id, p_duration_minutes: may be left out; then the rules about the pet and its owner are, and the length is the
-- service's. p_appointment_id: an appointment that does not conflict with itself.
--
-- Success: success, refusals: [{error, message, override}], in the order in which a booking reports them. override is
-- the name by which staff may override the rule, "staff" if the rule is for owners alone, and null if it holds for
-- everybody.
create or replace function explain_slot(
  p_tenant_id text, p_service_id uuid, p_vet_id uuid, p_start_time timestamptz, p_pet_id uuid default null,
  p_duration_minutes integer default null, p_appointment_id uuid default null, p_performed_by uuid default null
) returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_clinic record;
  v_service record;
  v_owner_id uuid;
  v_time_refusal text;
  v_end_time timestamptz;
  v_codes text[] := '{}';
  v_code text;
  v_answers jsonb := '[]';
begin
  if not v_caller.allowed or not (v_caller.trusted or is_clinic_staff(p_tenant_id, v_caller.actor)) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if p_duration_minutes not between 5 and 480 then
    return atomic_refusal('INVALID_DURATION');
  end if;
  select * into v_clinic from tenants where id = p_tenant_id;
  select * into v_service from services
  where tenant_id = p_tenant_id and id = p_service_id and is_active and deleted_at is null;
  if p_pet_id is not null then
    select owner_id into v_owner_id from pets where tenant_id = p_tenant_id and id = p_pet_id and deleted_at is null;
    if v_owner_id is null then
      return atomic_refusal('PET_NOT_FOUND');
    end if;
  end if;
  if v_service.id is null then
    return atomic_refusal('SERVICE_NOT_FOUND');
  end if;

  if v_service.booking = 'desk' then
    v_codes := v_codes || 'DESK_ONLY'::text;
  end if;
  v_time_refusal := check_booking_time(
    p_start_time, false, v_clinic.book_lead_minutes, v_clinic.book_horizon_days, v_clinic.timezone, clock_timestamp()
  );
  if v_time_refusal is not null then
    v_codes := v_codes || v_time_refusal;
  end if;
  if not exists (
    select from profiles
    where tenant_id = p_tenant_id and id = p_vet_id and has_calendar(role) and deleted_at is null
  ) then
    v_codes := v_codes || 'VET_NOT_FOUND'::text;
  elsif isfinite(p_start_time) and p_start_time between '1900-01-01 00:00Z' and '3000-12-31 00:00Z' then
    v_end_time := p_start_time + make_interval(mins => coalesce(p_duration_minutes, v_service.duration_minutes));
    v_codes := v_codes || slot_refusals(
      p_tenant_id, p_vet_id, p_service_id, p_pet_id, p_start_time, v_end_time,
      v_end_time + make_interval(mins => v_service.buffer_minutes), v_clinic.timezone, false, v_owner_id,
      case when p_appointment_id is null then v_clinic.max_open_appointments end, p_appointment_id
    );
  end if;

  foreach v_code in array v_codes loop
    v_answers := v_answers || jsonb_build_object(
      'error', v_code, 'message', atomic_refusal(v_code) ->> 'message',
      'override', case v_code
        when 'VET_DOES_NOT_OFFER' then 'services'
        when 'CLINIC_CLOSED' then 'closed'
        when 'PET_BUSY' then 'pet_busy'
        when 'SLOT_UNAVAILABLE' then 'squeeze_in'
        when 'VET_AWAY' then null
        when 'VET_NOT_FOUND' then null
        when 'INVALID_TIME' then case
          when check_booking_time(p_start_time, true, 0, 0, v_clinic.timezone, clock_timestamp()) is null then 'staff'
        end
        else 'staff'
      end
    );
  end loop;
  return jsonb_build_object('success', true, 'refusals', v_answers);
end
$$;

comment on function explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid) is
  'Every rule that refuses a time, for staff.';
revoke execute on function explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid) from public, anon;
grant execute on function explain_slot(text, uuid, uuid, timestamptz, uuid, integer, uuid, uuid)
  to authenticated, service_role;
