-- Builds the answer to a move that succeeded.
create or replace function move_answer(
  p_id uuid, p_old_start_time timestamptz, p_start_time timestamptz, p_end_time timestamptz, p_vet_id uuid,
  p_status text, p_version integer, p_price numeric, p_currency text
) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return jsonb_build_object(
    'success', true, 'appointment_id', p_id, 'old_start_time', p_old_start_time, 'new_start_time', p_start_time,
    'new_end_time', p_end_time, 'vet_id', p_vet_id, 'status', p_status, 'version', p_version,
    'duration_minutes', (extract(epoch from p_end_time - p_start_time) / 60)::integer, 'price', p_price,
    'currency', p_currency
  );
end
$$;

comment on function move_answer(
  uuid, timestamptz, timestamptz, timestamptz, uuid, text, integer, numeric, text
) is 'The answer to a move that succeeded.';
revoke execute on function move_answer(
  uuid, timestamptz, timestamptz, timestamptz, uuid, text, integer, numeric, text
) from public, anon, authenticated, service_role;
