-- What keeps this actor from using a link, or null.
create or replace function check_client_claim(p_claim client_claims) returns text
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  return case
    when p_claim.id is null then 'LINK_INVALID'
    when p_claim.used_at is not null then 'LINK_USED'
    when p_claim.expires_at <= clock_timestamp() then 'LINK_EXPIRED'
  end;
end
$$;

comment on function check_client_claim(client_claims) is 'What keeps a link from being used.';
revoke execute on function check_client_claim(client_claims) from public, anon, authenticated, service_role;
