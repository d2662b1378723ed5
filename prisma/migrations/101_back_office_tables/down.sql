-- Takes back 101, and so loses what its tables and columns hold: links, who changed notes, categories, languages; no
-- pets, appointments or roles. It is for development and tests: taking back 102 to 105 does not need it.

begin;
set local search_path = public, pg_temp;

alter table login."user" drop column if exists language;
alter table store_products drop column if exists search_text, drop column if exists category;
drop table if exists appointment_note_changes, links;

commit;
