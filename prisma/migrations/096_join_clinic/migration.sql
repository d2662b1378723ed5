-- 096: join_clinic: makes a user a client of a clinic.

begin;
set local search_path = public, pg_temp;

select refuse_downgrade(96, array['is_plain', 'join_clinic']);

-- Tables that 000 did not make lack it.
-- prisma/sql/identity/is_plain.sql
-- Returns whether a text has no control characters (line breaks among them) and none that nobody sees: zero-width ones,
-- marks that turn the direction of what follows, fillers. Names are such texts, so that two that look alike are alike.
-- plainPattern of packages/contracts is the same; a test compares them. Granted to roles that write tables, because a
-- check runs it as its caller.
create or replace function is_plain(p_text text) returns boolean
language sql immutable parallel safe
return p_text !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]';

comment on function is_plain(text) is 'Migration 096. Whether a text has no control characters and none that nobody sees.';
revoke execute on function is_plain(text) from public, anon, authenticated, service_role;
grant execute on function is_plain(text) to authenticated, service_role;

-- prisma/sql/identity/join_clinic.sql
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
  if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
    return refuse_isolation();
  end if;

  if v_actor is null then
    return atomic_refusal('FORBIDDEN');
  end if;
  if not exists (select from tenants where id = p_tenant_id) then
    return atomic_refusal('CLINIC_NOT_FOUND');
  end if;
  if v_name is null or length(v_name) not between 1 and 200 or length(v_phone) not between 3 and 40
    or not is_plain(concat(v_name, v_phone))
  then
    return atomic_refusal('INVALID_NAME');
  end if;

  -- request_actor() has checked that this is JSON
  select claims ->> 'email' into v_email from (select current_setting('request.jwt.claims')::json as claims) c
  where json_typeof(claims -> 'email') = 'string' and length(claims ->> 'email') between 3 and 320
    and is_plain(claims ->> 'email');
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
  'Migration 096. Makes the user of the claims a client of this clinic.';
revoke execute on function join_clinic(text, text, text) from public, anon;
grant execute on function join_clinic(text, text, text) to authenticated, service_role;
-- prisma/sql ends

commit;
