import type pg from 'pg'
import { z } from 'zod'
import type { Check } from '../output.ts'
import { type Expected, judgedRoles } from './expected.ts'
import { signatures } from './signatures.ts'

/** The three functions that the guide is about. */
export const guideFunctions = [
  'book_appointment_atomic',
  'merge_cart_atomic',
  'reschedule_appointment_atomic',
] as const

const liveFunction = z.object({
  name: z.string(),
  arguments: z.string(),
  result: z.string(),
  owner: z.string(),
  owner_is_superuser: z.boolean(),
  table_owner: z.string().nullable(),
  security_definer: z.boolean(),
  config: z.array(z.string()),
  body: z.string(),
  roles: z.array(z.string()),
})

export type LiveFunction = z.infer<typeof liveFunction>

/** The functions of the schema `public`, without those of extensions. */
export async function readFunctions(client: pg.ClientBase): Promise<LiveFunction[]> {
  const { rows } = await client.query(
    `select p.proname as name, pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
       p.proowner::regrole::text as owner, r.rolsuper as owner_is_superuser,
       (select relowner::regrole::text from pg_class where oid = to_regclass('public.appointments')) as table_owner,
       p.prosecdef as security_definer, coalesce(p.proconfig, '{}') as config, p.prosrc as body,
       array(
         select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end
         from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
         order by 1
       ) as roles
     from pg_proc p join pg_roles r on r.oid = p.proowner
     where p.pronamespace = 'public'::regnamespace
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     order by p.proname`,
  )
  return z.array(liveFunction).parse(rows)
}

/** Judges the functions: that they are there, what they take, give, are owned by, say, and who may call them. */
export function checkFunctions(live: readonly LiveFunction[], expected: Expected): Check[] {
  const wanted = [...expected.functions.values()]
  const found = (name: string) => live.filter((candidate) => candidate.name === name)
  const guide = guideFunctions.filter((name) => expected.functions.has(name))
  const present = wanted.flatMap(({ name }) => found(name))

  return [
    verdict(
      `All ${guide.length} functions exist in pg_proc`,
      guide.flatMap((name) => (found(name).length === 0 ? [`function ${name} is missing`] : [])),
    ),
    verdict(
      'Every other function of the migrations exists, once',
      wanted.flatMap(({ name, migration }) => {
        const count = found(name).length
        if (count === 1 || (count === 0 && guide.some((known) => known === name))) return []
        return [
          count === 0
            ? `function ${name} of ${migration} is missing`
            : `function ${name} exists ${count} times`,
        ]
      }),
    ),
    verdict(
      'Arguments and result types are those of the contract',
      present.flatMap((f) => {
        const signature = signatures[f.name]
        if (signature === undefined) return []
        return [
          ...(f.arguments === signature.arguments ? [] : [`${f.name} takes (${f.arguments})`]),
          ...(f.result === signature.result ? [] : [`${f.name} returns ${f.result}`]),
        ]
      }),
    ),
    verdict(
      'Bodies are those of the migrations',
      present.flatMap((f) => {
        const source = expected.functions.get(f.name)
        return source === undefined || source.body === f.body
          ? []
          : [`the body of ${f.name} is not the one of migration ${source.migration}`]
      }),
    ),
    verdict("Functions belong to the tables' owner", [
      ...present.flatMap((f) =>
        f.table_owner === null || f.owner === f.table_owner
          ? []
          : [`${f.name} belongs to ${f.owner}, the tables to ${f.table_owner}`],
      ),
    ]),
    verdict(
      'What clients call is security definer, and every search_path is pinned',
      present.flatMap((f) => [
        ...(signatures[f.name] !== undefined && !f.security_definer
          ? [`${f.name} is not security definer`]
          : []),
        ...(f.config.some((setting) => setting.startsWith('search_path='))
          ? []
          : [`${f.name} has no search_path`]),
      ]),
    ),
    verdict(
      'Functions have `authenticated` EXECUTE permission',
      present.flatMap((f) =>
        judgedRoles.flatMap((role) =>
          expected.functions.get(f.name)?.roles.has(role) && !f.roles.includes(role)
            ? [`${role} may not execute ${f.name}`]
            : [],
        ),
      ),
    ),
    verdict(
      'Nobody else may execute them, PUBLIC least of all',
      present.flatMap((f) =>
        // service_role is the trusted backend: more rights of its open nothing to anybody
        judgedRoles.flatMap((role) =>
          role !== 'service_role' &&
          f.roles.includes(role) &&
          !expected.functions.get(f.name)?.roles.has(role)
            ? [`${role === 'public' ? 'PUBLIC' : role} may execute ${f.name}`]
            : [],
        ),
      ),
    ),
  ]
}

/** A check that fails with whatever problems there are. */
export function verdict(name: string, problems: readonly string[]): Check {
  return problems.length === 0
    ? { name, verdict: 'ok' }
    : { name, verdict: 'failed', detail: problems.join('; ') }
}
