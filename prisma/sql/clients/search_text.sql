-- A text as it is searched for: without accents, in small letters. In clinic_access, because an index asks them of
-- whoever writes a row.
create or replace function clinic_access.search_text(p_text text) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select lower(translate(
    p_text,
    'ÁÀÂÃÄÅáàâãäåÉÈÊËẼéèêëẽÍÌÎÏĨíìîïĩÓÒÔÕÖóòôõöÚÙÛÜŨúùûüũÝỸýỹÇçÑñ',
    'aaaaaaaaaaaaeeeeeeeeeeiiiiiiiiiioooooooooouuuuuuuuuuyyyyccnn'
  ))
$$;

comment on function clinic_access.search_text(text) is 'A text as it is searched for.';
revoke execute on function clinic_access.search_text(text) from public, anon;
grant execute on function clinic_access.search_text(text) to authenticated, service_role;
