-- Returns what a claim's link leads to: enough for people to recognize their own record before they use it.
--
-- Success: success, client_name, pets (names), yours (this actor has used the link already).
create or replace function read_client_claim(p_tenant_id text, p_token text, p_performed_by uuid default null)
returns jsonb
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_caller record := clinic_caller(p_performed_by);
  v_link record;
begin
  if not v_caller.allowed then
    return atomic_refusal('FORBIDDEN');
  end if;
  v_link := open_link(p_tenant_id, 'claim', p_token, v_caller.actor);
  if v_link.refusal is not null then
    return atomic_refusal(v_link.refusal);
  end if;
  return (
    select jsonb_build_object(
      'success', true, 'client_name', c.full_name, 'yours', v_link.is_replay,
      'pets', coalesce((
        select jsonb_agg(p.name order by p.name, p.id) from pets p
        where p.tenant_id = p_tenant_id and p.deleted_at is null
          and p.owner_id = case when v_link.is_replay then v_caller.actor else v_link.client_id end
      ), '[]')
    )
    from profiles c where c.tenant_id = p_tenant_id and c.id = v_link.client_id
  );
end
$$;

comment on function read_client_claim(text, text, uuid) is 'What a claim''s link leads to.';
revoke execute on function read_client_claim(text, text, uuid) from public, anon;
grant execute on function read_client_claim(text, text, uuid) to authenticated, service_role;
