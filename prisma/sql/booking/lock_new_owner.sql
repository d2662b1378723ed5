-- Locks the row of an owner whom the pet got while the call waited, for example by a claim. The rows that the call holds
-- were locked in the order of their keys, and to wait for one more could deadlock. So this does not wait: where somebody
-- else holds it, the call fails with the state of a transaction that can be made again, and clients retry it.
create or replace function lock_new_owner(p_tenant_id text, p_owner_id uuid) returns void
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform from profiles where tenant_id = p_tenant_id and id = p_owner_id for no key update skip locked;
  if not found then
    raise exception 'The pet has got another owner meanwhile.' using errcode = '40001', hint = 'Make the call again.';
  end if;
end
$$;

comment on function lock_new_owner(text, uuid) is 'Locks an owner whom the pet got while the call waited.';
revoke execute on function lock_new_owner(text, uuid) from public, anon, authenticated, service_role;
