-- Takes back 092: its triggers. Existing events stay.

begin;
set local search_path = public, pg_temp;

drop trigger if exists appointments_changed on appointments;
drop trigger if exists appointments_booked on appointments;
drop trigger if exists appointments_version on appointments;
drop trigger if exists appointments_lock_vet on appointments;
drop trigger if exists vet_time_off_lock_vets_insert on vet_time_off;
drop trigger if exists vet_time_off_lock_vets_update on vet_time_off;
drop trigger if exists vet_time_off_lock_vets_delete on vet_time_off;
drop trigger if exists vet_hours_lock_vets_insert on vet_hours;
drop trigger if exists vet_hours_lock_vets_update on vet_hours;
drop trigger if exists vet_hours_lock_vets_delete on vet_hours;
drop function if exists record_appointment_event();
drop function if exists raise_appointment_version();
drop function if exists lock_calendar_vets();
drop function if exists lock_calendar_vet();

commit;
