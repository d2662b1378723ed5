-- Finds a link by its token. refusal: why this actor may not use it, or null. is_replay: this actor has used it
-- already, which is no refusal. With p_lock, it waits for another caller who is using the link, and reads the link
-- afterwards.
--
-- An invitation ends when the person who made it is no longer an admin; otherwise a dismissed admin would keep a key.
create or replace function open_link(
  p_tenant_id text, p_kind text, p_token text, p_actor uuid, p_lock boolean default false,
  out refusal text, out is_replay boolean, out id uuid, out created_by uuid, out client_id uuid, out role text
)
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_hash text := link_hash(p_token);
  v_used_by uuid;
  v_expires_at timestamptz;
begin
  if p_lock then
    perform from links l where l.tenant_id = p_tenant_id and l.token_hash = v_hash for update;
  end if;
  select l.id, l.created_by, l.client_id, l.role, l.used_by, l.expires_at
    into id, created_by, client_id, role, v_used_by, v_expires_at
  from links l
  where l.tenant_id = p_tenant_id and l.token_hash = v_hash and l.kind = p_kind;
  is_replay := coalesce(v_used_by = p_actor, false);
  refusal := case
    when id is null then 'LINK_INVALID'
    when is_replay then null
    when v_used_by is not null then 'LINK_USED'
    when v_expires_at <= clock_timestamp() then 'LINK_EXPIRED'
    when p_kind = 'invitation' and not is_clinic_admin(p_tenant_id, created_by) then 'LINK_INVALID'
  end;
end
$$;

comment on function open_link(text, text, text, uuid, boolean) is
  'A link by its token, and why it may not be used.';
revoke execute on function open_link(text, text, text, uuid, boolean) from public, anon, authenticated, service_role;
