-- Builds the answer to a booking that succeeded.
create or replace function booking_answer(
  p_id uuid, p_start_time timestamptz, p_end_time timestamptz, p_status text, p_hold_expires_at timestamptz,
  p_version integer, p_price numeric, p_currency text
) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_answer jsonb := jsonb_build_object(
    'success', true, 'appointment_id', p_id, 'start_time', p_start_time, 'end_time', p_end_time, 'status', p_status,
    'version', p_version, 'duration_minutes', (extract(epoch from p_end_time - p_start_time) / 60)::integer,
    'price', p_price, 'currency', p_currency
  );
begin
  return case when p_status = 'held' then v_answer || jsonb_build_object('hold_expires_at', p_hold_expires_at)
    else v_answer end;
end
$$;

comment on function booking_answer(
  uuid, timestamptz, timestamptz, text, timestamptz, integer, numeric, text
) is 'The answer to a booking that succeeded.';
revoke execute on function booking_answer(
  uuid, timestamptz, timestamptz, text, timestamptz, integer, numeric, text
) from public, anon, authenticated, service_role;
