-- The form in which texts are searched and compared: small letters, without accents and without apostrophes, so that
-- "nunez" finds "Núñez" and "ohara" finds "O’Hara". Clients, pets and products all use it, for what is stored and for
-- what is typed. In clinic_access, because indexes and triggers run it as whoever writes a row, and visitors search too.
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

comment on function clinic_access.search_text(text) is 'The form in which texts are searched and compared.';
revoke execute on function clinic_access.search_text(text) from public;
grant execute on function clinic_access.search_text(text) to anon, authenticated, service_role;
