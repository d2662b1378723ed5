-- The weekly hours of the vets in public_vets. Runs with its owner's rights on purpose, like public_vets, because
-- visitors may not read the rows. It repeats the condition instead of reading that view, so that either can be taken
-- back alone; an admin with a row here keeps hours, and so is in public_vets.
create or replace view public_vet_hours with (security_barrier) as
select h.tenant_id, h.vet_id, h.weekday, h.opens, h.closes
from vet_hours h
-- looked up for each row, because a join may read all of the clinic's profiles
where (
  select p.role in ('vet', 'assistant', 'admin') and p.deleted_at is null from profiles p
  where p.tenant_id = h.tenant_id and p.id = h.vet_id
);

comment on view public_vet_hours is 'The weekly hours of the vets whom visitors see.';
revoke all on public_vet_hours from public, anon, authenticated, service_role;
grant select on public_vet_hours to anon, authenticated, service_role;
