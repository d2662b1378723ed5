-- Records every change of notes, whoever writes it. Notes that come with a booking are covered by the booking's event.
create or replace function record_note_change() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
begin
  insert into appointment_note_changes (tenant_id, appointment_id, actor_id, at)
  values (
    new.tenant_id, new.id, coalesce(nullif(current_setting('vetcita.actor', true), '')::uuid, request_actor()),
    clock_timestamp()
  );
  return null;
end
$$;

create or replace trigger appointments_notes_changed after update of notes on appointments
  for each row when (new.notes is distinct from old.notes)
  execute function record_note_change();

comment on function record_note_change() is 'Trigger: writes one row for each change of notes.';
revoke execute on function record_note_change() from public, anon, authenticated, service_role;
