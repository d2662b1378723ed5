-- Returns the form in which texts are searched and compared: lower case, without accents and apostrophes, so that
-- "nunez" finds "Núñez" and "ohara" finds "O’Hara". Clients, pets and products use it both for what is stored and for
-- what is typed. It is in clinic_access and granted to every role, because indexes, triggers and visitors' searches run
-- it as their caller.
create or replace function clinic_access.search_text(p_text text) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select lower(translate(
    normalize(p_text, nfc),
    'ÁÀÂÃÄÅáàâãäåÉÈÊËẼéèêëẽÍÌÎÏĨíìîïĩÓÒÔÕÖóòôõöÚÙÛÜŨúùûüũÝỸýỹÇçÑñ''’‘ʼ´`′',
    'aaaaaaaaaaaaeeeeeeeeeeiiiiiiiiiioooooooooouuuuuuuuuuyyyyccnn'
  ))
$$;

comment on function clinic_access.search_text(text) is
  'The form in which texts are searched and compared.';
revoke execute on function clinic_access.search_text(text) from public, anon, authenticated, service_role;
grant execute on function clinic_access.search_text(text) to anon, authenticated, service_role;
