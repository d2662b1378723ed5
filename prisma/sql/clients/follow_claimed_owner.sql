-- A pet may be added to a walk-in client while the client claims the record. The insert waits for the client's row, and
-- then gives the pet to the person who claimed it.
create or replace function follow_claimed_owner() returns trigger
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
  v_deleted_at timestamptz;
begin
  select deleted_at into v_deleted_at from profiles
  where tenant_id = new.tenant_id and id = new.owner_id
  for share;
  if v_deleted_at is not null then
    new.owner_id := coalesce(
      (select used_by from links
       where tenant_id = new.tenant_id and client_id = new.owner_id and used_by is not null),
      new.owner_id
    );
  end if;
  return new;
end
$$;

create or replace trigger pets_follow_claimed_owner before insert on pets
  for each row execute function follow_claimed_owner();

comment on function follow_claimed_owner() is
  'Trigger: a new pet of a claimed client belongs to the claimant.';
revoke execute on function follow_claimed_owner() from public, anon, authenticated, service_role;
