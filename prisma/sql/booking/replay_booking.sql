-- Returns the answer to a booking whose key was used before, or null if it was not. The same request gets the
-- appointment as it is now, whatever the clock and the calendar say by then.
create or replace function replay_booking(p_tenant_id text, p_actor uuid, p_idempotency_key text, p_request_hash text)
returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (select case
    when request_hash is distinct from p_request_hash then atomic_refusal('IDEMPOTENCY_KEY_REUSED')
    else booking_answer(id, start_time, end_time, status, hold_expires_at, version, price, currency)
      || jsonb_build_object('replayed', true)
  end
  from appointments
  where tenant_id = p_tenant_id and created_by = p_actor and idempotency_key = p_idempotency_key);
end
$$;

comment on function replay_booking(text, uuid, text, text) is
  'The answer to a booking whose key was used before.';
revoke execute on function replay_booking(text, uuid, text, text) from public, anon, authenticated, service_role;
