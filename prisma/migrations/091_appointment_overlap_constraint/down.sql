-- Takes back 091. The extension stays: something else may use it by now.

begin;
set local search_path = public, pg_temp;

alter table appointments drop constraint if exists appointments_vet_no_overlap;

commit;
