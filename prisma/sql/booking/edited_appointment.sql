-- Returns what an appointment would be after these changes, or what keeps it from being edited, apart from the calendar.
-- Called before the locks, so that hopeless calls take none, and again behind them.
--
-- refusal: an error code; if it is null, the other results are set. needs_time: whether the calendar has to be asked,
-- because the vet is busy longer or with another pet or service.
create or replace function edited_appointment(
  p_tenant_id text, p_changes jsonb, p_status text, p_version integer, p_pet_id uuid, p_service_id uuid,
  p_start_time timestamptz, p_end_time timestamptz, p_busy_until timestamptz, p_reason text, p_access text,
  p_expected_version integer,
  out refusal text, out is_changed boolean, out is_other_service boolean, out needs_time boolean, out pet_id uuid,
  out service_id uuid, out end_time timestamptz, out busy_until timestamptz, out reason text, out price numeric,
  out currency text, out service_name text
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_service record;
  v_clinic record;
  v_minutes integer := (p_changes ->> 'duration_minutes')::integer;
  v_length interval := make_interval(secs => extract(epoch from p_end_time - p_start_time)::float8);
  v_buffer interval := make_interval(secs => extract(epoch from p_busy_until - p_end_time)::float8);
begin
  pet_id := coalesce((p_changes ->> 'pet_id')::uuid, p_pet_id);
  service_id := coalesce((p_changes ->> 'service_id')::uuid, p_service_id);
  reason := case when p_changes ? 'reason' then nullif(btrim(p_changes ->> 'reason'), '') else p_reason end;
  is_other_service := service_id <> p_service_id;
  if is_other_service then
    select s.duration_minutes, s.buffer_minutes, s.price, s.name, t.currency into v_service
    from services s join tenants t on t.id = s.tenant_id
    where s.tenant_id = p_tenant_id and s.id = edited_appointment.service_id and s.is_active and s.deleted_at is null;
    price := v_service.price;
    currency := v_service.currency;
    service_name := v_service.name;
    v_length := make_interval(mins => v_service.duration_minutes);
    v_buffer := make_interval(mins => v_service.buffer_minutes);
  end if;
  if v_minutes is not null then
    v_length := make_interval(mins => v_minutes);
  end if;
  end_time := p_start_time + v_length;
  busy_until := end_time + v_buffer;
  is_changed := (pet_id, service_id, reason) is distinct from (p_pet_id, p_service_id, p_reason)
    or end_time is distinct from p_end_time;
  needs_time := is_changed and (pet_id <> p_pet_id or is_other_service or busy_until > p_busy_until);
  if not is_changed then
    return;
  end if;

  select change_notice_minutes into v_clinic from tenants where id = p_tenant_id;
  refusal := case
    when p_status in ('completed', 'cancelled', 'no_show') or (p_access = 'owner' and not is_movable(p_status))
      then 'INVALID_STATUS'
    when p_version <> p_expected_version then 'STALE_VERSION'
    when v_minutes not between 5 and 480 then 'INVALID_DURATION'
    when pet_id <> p_pet_id and not exists (
      select from pets p
      where p.tenant_id = p_tenant_id and p.id = edited_appointment.pet_id and p.deleted_at is null
    ) then 'PET_NOT_FOUND'
    when is_other_service and service_name is null then 'SERVICE_NOT_FOUND'
    when p_access = 'owner' and not keeps_notice(p_start_time, v_clinic.change_notice_minutes, clock_timestamp())
      then 'TOO_LATE'
  end;
end
$$;

comment on function edited_appointment(
  text, jsonb, text, integer, uuid, uuid, timestamptz, timestamptz, timestamptz, text, text, integer
) is 'What an appointment would be after an edit.';
revoke execute on function edited_appointment(
  text, jsonb, text, integer, uuid, uuid, timestamptz, timestamptz, timestamptz, text, text, integer
) from public, anon, authenticated, service_role;
