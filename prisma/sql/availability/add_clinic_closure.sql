-- Closes the whole clinic from p_from to p_to, which are the clinic's wall clock: a holiday, a move. Appointments inside stay until the staff
-- move them; because the trigger locks every calendar, a list of them that is read in this transaction misses none. For
-- staff. Keys work as in create_client.
--
-- Success: success, closure_id, replayed.
create or replace function add_clinic_closure(
  p_tenant_id text, p_from timestamp, p_to timestamp, p_name text, p_performed_by uuid default null,
  p_idempotency_key text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_name text := btrim(p_name);
  v_id uuid := gen_random_uuid();
  v_timezone text;
  v_start timestamptz;
  v_end timestamptz;
  v_is_new boolean;
begin
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;
  if not v_caller.allowed or not is_clinic_staff(p_tenant_id, v_caller.actor) then
    return atomic_refusal('FORBIDDEN');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 or not is_plain(v_name) then
    return atomic_refusal('INVALID_NAME');
  end if;
  select timezone into v_timezone from tenants where id = p_tenant_id;
  v_start := p_from at time zone v_timezone;
  v_end := p_to at time zone v_timezone;
  -- compared as instants: in the hour that the clocks skip, two wall times are one
  if not coalesce(v_start < v_end and v_start >= '1900-01-02 00:00Z' and v_end <= '3000-01-01 00:00Z', false) then
    return atomic_refusal('INVALID_TIME');
  end if;

  if p_idempotency_key is not null then
    v_id := request_uuid(
      'clinic closure', p_tenant_id, v_caller.actor::text, p_idempotency_key, extract(epoch from p_from)::text,
      extract(epoch from p_to)::text, v_name
    );
  end if;
  insert into clinic_closures (tenant_id, id, start_time, end_time, name)
  values (p_tenant_id, v_id, v_start, v_end, v_name)
  on conflict (tenant_id, id) do nothing;
  v_is_new := found;
  return jsonb_build_object('success', true, 'closure_id', v_id, 'replayed', not v_is_new);
end
$$;

comment on function add_clinic_closure(text, timestamp, timestamp, text, uuid, text) is
  'Closes the whole clinic for a time, once for each key.';
revoke execute on function add_clinic_closure(text, timestamp, timestamp, text, uuid, text) from public, anon;
grant execute on function add_clinic_closure(text, timestamp, timestamp, text, uuid, text)
  to authenticated, service_role;
