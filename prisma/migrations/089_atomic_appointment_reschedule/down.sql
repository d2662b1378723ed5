-- Takes back 089: its functions. Appointments stay where they were moved to.

begin;
set local search_path = public, pg_temp;

do $$
begin
  if to_regproc('change_appointment_status_atomic') is not null or to_regproc('available_slots') is not null then
    raise exception '089 is still needed by 093 and 095.'
      using hint = 'Take 095_available_slots and 093_appointment_status_changes back first.';
  end if;
end
$$;

drop function if exists reschedule_appointment_atomic(uuid, timestamptz, uuid, boolean, uuid, integer, text);
drop function if exists check_move(text, text, timestamptz, integer, text, timestamptz, integer);
drop function if exists keeps_notice(timestamptz, integer, timestamptz);
drop function if exists is_movable(text);
drop function if exists appointment_access(text, uuid, uuid, boolean);

commit;
