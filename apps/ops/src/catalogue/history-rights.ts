import type pg from 'pg'
import type { Check } from '../output.ts'
import { verdict } from './judge.ts'

/** Judges that only its owner reads and writes the history of migrations, which no migration makes. */
export async function checkHistoryRights(client: pg.ClientBase): Promise<Check> {
  const { rows } = await client.query<{ role: string }>(
    `select distinct case a.grantee when 0 then 'PUBLIC' else a.grantee::regrole::text end as role
     from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join aclexplode(c.relacl) a
     left join pg_roles r on r.oid = a.grantee
     where n.nspname = 'public' and c.relname = '_prisma_migrations'
       and (a.grantee = 0 or r.rolname in ('anon', 'authenticated', 'service_role'))
     order by 1`,
  )
  return verdict(
    'Only its owner may read and write the history of migrations',
    rows.map(
      ({ role }) =>
        `${role} may read or write _prisma_migrations: revoke all on _prisma_migrations from ${role}`,
    ),
  )
}
