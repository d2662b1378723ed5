-- Takes back 103: its functions, indexes and rights. Notes, events and who changed notes when stay.

begin;
set local search_path = public, pg_temp;

drop function if exists set_appointment_notes(uuid, text, uuid, text, text);
drop function if exists appointment_history(text, uuid, uuid);
drop function if exists login.appointment_changes(timestamptz, integer);
drop trigger if exists appointments_notes_changed on appointments;
drop function if exists record_note_change();
drop policy if exists appointment_note_changes_staff on appointment_note_changes;
drop policy if exists appointment_note_changes_backend on appointment_note_changes;
revoke all on appointment_note_changes from authenticated, service_role;
drop index if exists appointments_day_idx;
drop index if exists appointment_events_at_idx;

commit;
