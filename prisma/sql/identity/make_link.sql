-- Makes a single-use link: a claim (with p_client_id) or an invitation (with p_role and p_label). The token is two
-- random uuids, 244 random bits. Only its hash is stored, so this answer is the only place where it can be read.
create or replace function make_link(
  p_tenant_id text, p_kind text, p_created_by uuid, p_valid_for interval,
  p_client_id uuid default null, p_role text default null, p_label text default null,
  out id uuid, out token text, out expires_at timestamptz
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
  expires_at := now() + p_valid_for;
  insert into links as l (tenant_id, kind, client_id, role, label, token_hash, created_by, expires_at)
  values (p_tenant_id, p_kind, p_client_id, p_role, p_label, link_hash(token), p_created_by, expires_at)
  returning l.id into id;
end
$$;

comment on function make_link(text, text, uuid, interval, uuid, text, text) is
  'Makes a single-use link and returns its token.';
revoke execute on function make_link(text, text, uuid, interval, uuid, text, text)
  from public, anon, authenticated, service_role;
