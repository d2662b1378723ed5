-- Checks what does not need the vet's lock: pet, service, time, and whether the actor is staff, who alone write notes and
-- override rules. It runs before the lock, so that hopeless requests take none. It runs again after the lock, because of
-- what was committed meanwhile: the actor may have lost a role, the service may be withdrawn, the hour may have passed.
--
-- p_expected: the length and price that the page showed, each of which may be left out.
--
-- refusal: an error code; if it is null, the other results are set. changed: of SERVICE_CHANGED, what is so now.
-- open_limit: how many open appointments the owner may have, or null.
create or replace function check_booking(
  p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_start_time timestamptz, p_duration_minutes integer,
  p_actor uuid, p_trusted boolean, p_notes text, p_overrides text[], p_expected jsonb,
  out refusal text, out changed jsonb, out as_staff boolean, out owner_id uuid, out end_time timestamptz,
  out busy_until timestamptz, out timezone text, out price numeric, out currency text, out service_name text,
  out hold_expires_at timestamptz, out open_limit integer
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_actor_role text;
  v_duration integer;
  v_buffer integer;
  v_booking text;
  v_lead integer;
  v_horizon integer;
  v_limit_unconfirmed boolean;
begin
  select t.timezone, t.currency, t.book_lead_minutes, t.book_horizon_days, t.max_open_appointments,
    t.limit_unconfirmed, p.owner_id, a.role, s.duration_minutes, s.buffer_minutes, s.price, s.name, s.booking
    into timezone, currency, v_lead, v_horizon, open_limit,
      v_limit_unconfirmed, owner_id, v_actor_role, v_duration, v_buffer, price, service_name, v_booking
  from tenants t
  left join pets p on p.tenant_id = t.id and p.id = p_pet_id and p.deleted_at is null
  left join profiles a on a.tenant_id = t.id and a.id = p_actor and a.deleted_at is null
  left join services s on s.tenant_id = t.id and s.id = p_service_id and s.is_active and s.deleted_at is null
  where t.id = p_tenant_id;

  as_staff := coalesce(v_actor_role <> 'owner', false);
  refusal := case
    when (p_notes <> '' and not (p_trusted or as_staff)) or (cardinality(p_overrides) > 0 and not as_staff)
      then 'FORBIDDEN'
    when owner_id is null or v_actor_role is null or not (as_staff or owner_id = p_actor) then 'PET_NOT_FOUND'
    when v_duration is null then 'SERVICE_NOT_FOUND'
    when v_booking = 'desk' and not as_staff then 'DESK_ONLY'
    -- a pet owner does not choose how long the vet works
    when not (p_trusted or as_staff) and p_duration_minutes <> v_duration then 'INVALID_DURATION'
    when (p_expected ->> 'duration_minutes')::integer <> v_duration or (p_expected ->> 'price')::numeric <> price
      then 'SERVICE_CHANGED'
    else check_booking_time(p_start_time, as_staff, v_lead, v_horizon, timezone, v_now)
  end;
  if refusal = 'SERVICE_CHANGED' then
    changed := jsonb_build_object('duration_minutes', v_duration, 'price', price, 'currency', currency);
  end if;
  if refusal is not null then
    return;
  end if;

  end_time := p_start_time + make_interval(mins => coalesce(p_duration_minutes, v_duration));
  busy_until := end_time + make_interval(mins => v_buffer);
  if as_staff then
    open_limit := null;
  elsif v_limit_unconfirmed and exists (
    select from login."user" where id = p_actor and not email_verified
  ) then
    open_limit := 1;
  end if;
  if v_booking = 'request' and not as_staff then
    hold_expires_at := least(p_start_time, v_now + interval '48 hours');
  end if;
end
$$;

comment on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text, text[], jsonb) is
  'Checks pet, service, time and actor of a booking.';
revoke execute on function check_booking(text, uuid, uuid, timestamptz, integer, uuid, boolean, text, text[], jsonb)
  from public, anon, authenticated, service_role;
