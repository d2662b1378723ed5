-- Runs with its owner's rights on purpose: it shows three columns of rows that visitors may not read. An admin who
-- keeps hours treats patients; an admin who keeps none only manages the clinic.
create or replace view public_vets with (security_barrier) as
select p.tenant_id, p.id, p.full_name
from profiles p
where p.deleted_at is null
  and (
    p.role in ('vet', 'assistant')
    or (p.role = 'admin' and exists (select from vet_hours h where h.tenant_id = p.tenant_id and h.vet_id = p.id))
  )
-- The order of profiles_staff_idx: without statistics every index by the clinic costs the same, and the planner prefers
-- one that spares it a sort. The others hold all of the clinic's clients.
order by p.tenant_id, p.full_name;

comment on view public_vets is 'The vets whom visitors see.';
revoke all on public_vets from public, anon, authenticated, service_role;
grant select on public_vets to anon, authenticated, service_role;
