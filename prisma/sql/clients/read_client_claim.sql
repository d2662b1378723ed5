-- What a link holds, for who has it in their hands: enough to say "yes, that is me" before using it.
-- Success: success, client_name, pets (names), yours (this actor has used it already).
create or replace function read_client_claim(p_tenant_id text, p_token text, p_performed_by uuid default null) returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_allowed boolean;
  v_actor uuid;
  v_claim client_claims;
  v_refusal text;
begin
  select c.allowed, c.actor into v_allowed, v_actor from clinic_caller(p_performed_by) c;
  if not v_allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  select * into v_claim from client_claims
  where tenant_id = p_tenant_id and token_hash = link_token_hash(p_token);
  v_refusal := case when v_claim.used_by = v_actor then null else check_client_claim(v_claim) end;
  if v_refusal is not null then
    return atomic_refusal(v_refusal);
  end if;
  return (
    select jsonb_build_object(
      'success', true, 'client_name', c.full_name, 'yours', v_claim.used_by is not null,
      'pets', coalesce((
        select jsonb_agg(p.name order by p.name, p.id) from pets p
        where p.tenant_id = p_tenant_id and p.owner_id = coalesce(v_claim.used_by, v_claim.client_id)
          and p.deleted_at is null
      ), '[]')
    )
    from profiles c where c.tenant_id = p_tenant_id and c.id = v_claim.client_id
  );
end
$$;

comment on function read_client_claim(text, text, uuid) is 'What a walk-in client''s link holds.';
revoke execute on function read_client_claim(text, text, uuid) from public, anon;
grant execute on function read_client_claim(text, text, uuid) to authenticated, service_role;
