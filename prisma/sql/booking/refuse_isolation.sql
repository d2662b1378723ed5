-- Raises, in place of an answer. A function that decides after it waited for a lock has to see what was committed
-- meanwhile. Under "repeatable read" and "serializable" each statement sees what the transaction's first one saw; only a
-- change of the locked row itself would be noticed, and time off or a booking changes other rows.
create or replace function refuse_isolation() returns jsonb
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  raise exception 'This function must run under "read committed", not "%".', current_setting('transaction_isolation')
    using errcode = '25001', hint = 'set transaction isolation level read committed;';
end
$$;

comment on function refuse_isolation() is 'Raises: another isolation level would not see what a wait brought.';
revoke execute on function refuse_isolation() from public, anon, authenticated, service_role;
