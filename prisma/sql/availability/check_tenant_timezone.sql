-- A check constraint cannot read another relation, so a trigger looks the zone up in the server's list.
create or replace function check_tenant_timezone() returns trigger
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  -- The server also lists names that no browser knows, such as posixrules and posix/…: those of its own files.
  if new.timezone !~ '^(UTC|(Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)/.+)$'
    or not exists (select from pg_timezone_names where name = new.timezone)
  then
    raise exception 'Unknown time zone "%".', new.timezone
      using errcode = '22023', hint = 'Use an IANA name such as America/Asuncion.';
  end if;
  return new;
end
$$;

create or replace trigger tenants_timezone before insert or update of timezone on tenants
  for each row execute function check_tenant_timezone();

comment on function check_tenant_timezone() is
  'Trigger: refuses a time zone that the server does not know.';
revoke execute on function check_tenant_timezone() from public, anon, authenticated, service_role;
