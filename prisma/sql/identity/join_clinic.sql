-- Makes the user of the claims a client of a clinic; there is no id argument to name anyone else. Without a profile no
-- one can own a pet or book there. Joining again changes nothing, and staff keep their role.
--
-- Success: success, profile_id, role, joined (false if the profile existed).
create or replace function join_clinic(p_tenant_id text, p_full_name text, p_phone text default null) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_actor uuid := request_actor();
  v_name text := btrim(p_full_name);
  v_phone text := nullif(btrim(p_phone), '');
  v_email text;
  v_profile profiles;
  v_joined boolean;
begin
  if v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;
  if not exists (select from tenants where id = p_tenant_id) then
    return atomic_refusal('CLINIC_NOT_FOUND');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 or length(v_phone) not between 3 and 40 then
    return atomic_refusal('INVALID_NAME');
  end if;

  -- request_actor() has checked that this is JSON
  select claims ->> 'email' into v_email from (select current_setting('request.jwt.claims')::json as claims) c
  where json_typeof(claims -> 'email') = 'string' and length(claims ->> 'email') between 3 and 320;
  -- Two devices may join at once: the second one finds the first one's profile.
  insert into profiles (tenant_id, id, role, full_name, email, phone)
  values (p_tenant_id, v_actor, 'owner', v_name, v_email, v_phone)
  on conflict (tenant_id, id) do nothing;
  v_joined := found;
  select * into v_profile from profiles where tenant_id = p_tenant_id and id = v_actor;
  -- A person whom the clinic has removed does not come back by joining.
  if v_profile.deleted_at is not null then
    return atomic_refusal('FORBIDDEN');
  end if;
  return jsonb_build_object('success', true, 'profile_id', v_profile.id, 'role', v_profile.role, 'joined', v_joined);
end
$$;

comment on function join_clinic(text, text, text) is
  'Makes the user of the claims a client of this clinic.';
revoke execute on function join_clinic(text, text, text) from public, anon;
grant execute on function join_clinic(text, text, text) to authenticated, service_role;
