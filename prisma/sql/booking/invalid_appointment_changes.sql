-- Returns what is wrong with the changes of an edit, for people, or null: an object of at least one known key, whose ids
-- are ids, whose length is a whole number, and whose reason is a text of at most 2,000 characters, or null for none.
create or replace function invalid_appointment_changes(p_changes jsonb) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_key text;
  v_value jsonb;
begin
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes = '{}' then
    return 'ninguno';
  end if;
  for v_key, v_value in select * from jsonb_each(p_changes) loop
    if not (case
      when v_key in ('pet_id', 'service_id') then
        jsonb_typeof(v_value) = 'string' and v_value #>> '{}' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
      when v_key = 'duration_minutes' then jsonb_typeof(v_value) = 'number' and v_value #>> '{}' ~ '^[0-9]{1,4}$'
      when v_key = 'reason' then
        jsonb_typeof(v_value) = 'null' or (jsonb_typeof(v_value) = 'string' and length(v_value #>> '{}') <= 2000)
      else false
    end) then
      return v_key;
    end if;
  end loop;
  return null;
end
$$;

comment on function invalid_appointment_changes(jsonb) is 'What is wrong with the changes of an edit.';
revoke execute on function invalid_appointment_changes(jsonb) from public, anon, authenticated, service_role;
