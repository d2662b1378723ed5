import type pg from 'pg'
import { z } from 'zod'
import type { Check } from '../output.ts'
import { type Expected, type ExpectedFunction, judgedRoles, ownSchemas } from './expected.ts'
import { signatures } from './signatures.ts'

/** The three functions that the guide is about. */
export const guideFunctions = [
  'book_appointment_atomic',
  'merge_cart_atomic',
  'reschedule_appointment_atomic',
] as const

const liveFunction = z.object({
  /** with its schema, unless that is `public` */
  name: z.string(),
  /** as `regprocedure`: what a grant names it by */
  signature: z.string(),
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

/** The functions of these schemas, without those of extensions. */
export async function readFunctions(
  client: pg.ClientBase,
  schemas: readonly string[] = ['public'],
): Promise<LiveFunction[]> {
  const { rows } = await client.query(
    `select case n.nspname when 'public' then '' else n.nspname || '.' end || p.proname as name,
       format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as signature,
       pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
       p.proowner::regrole::text as owner, r.rolsuper as owner_is_superuser,
       (select relowner::regrole::text from pg_class where oid = to_regclass('public.appointments')) as table_owner,
       p.prosecdef as security_definer, coalesce(p.proconfig, '{}') as config, p.prosrc as body,
       array(
         select case when a.grantee = 0 then 'public' else a.grantee::regrole::text end
         from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
         where a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
         order by 1
       ) as roles
     from pg_proc p join pg_roles r on r.oid = p.proowner join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = any ($1)
       and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
     order by p.pronamespace <> 'public'::regnamespace, n.nspname, p.proname`,
    [schemas],
  )
  return z.array(liveFunction).parse(rows)
}

/** The types that a caller has to give, as the server names them: `timestamptz` and its longer name are one to it. */
async function resolved(client: pg.ClientBase, functions: readonly ExpectedFunction[]): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[], $2::text[]) f (name, signature) where to_regprocedure(signature) is not null`,
    [
      functions.map(({ name }) => name),
      functions.map(
        ({ name, types }) => `${name.includes('.') ? '' : 'public.'}${name}(${types.join(', ')})`,
      ),
    ],
  )
  return new Set(rows.map(({ name }) => name))
}

/** Judges the functions: that they are there, what they take, give, are owned by, say, and who may call them. */
export async function checkFunctions(client: pg.ClientBase, expected: Expected): Promise<Check[]> {
  const live = await readFunctions(client, ownSchemas(expected))
  const wanted = [...expected.functions.values()]
  const found = (name: string) => live.filter((candidate) => candidate.name === name)
  const guide = guideFunctions.filter((name) => expected.functions.has(name))
  const takeTheirTypes = await resolved(client, wanted)
  const present = wanted.flatMap((source) => found(source.name).map((f) => ({ ...f, source })))
  const problems = (ofOne: (f: (typeof present)[number]) => (string | false)[]) =>
    present.flatMap((f) => ofOne(f).filter((problem) => problem !== false))

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
      problems((f) => {
        const signature = signatures[f.name]
        if (signature === undefined)
          return [!takeTheirTypes.has(f.name) && `${f.name} takes (${f.arguments})`]
        return [
          f.arguments !== signature.arguments && `${f.name} takes (${f.arguments})`,
          f.result !== signature.result && `${f.name} returns ${f.result}`,
        ]
      }),
    ),
    verdict(
      'Bodies are those of the migrations',
      problems(({ name, body, source }) => [
        body !== source.body && `the body of ${name} is not the one of migration ${source.migration}`,
      ]),
    ),
    verdict(
      "Functions belong to the tables' owner",
      problems((f) => [
        f.table_owner !== null &&
          f.owner !== f.table_owner &&
          `${f.name} belongs to ${f.owner}, the tables to ${f.table_owner}`,
      ]),
    ),
    verdict(
      'What clients call is security definer, and every search_path is pinned',
      problems((f) => [
        f.source.securityDefiner && !f.security_definer && `${f.name} is not security definer`,
        !f.source.securityDefiner && f.security_definer && `${f.name} is security definer`,
        searchPathProblem(f, f.source.searchPath),
      ]),
    ),
    verdict(
      'Functions have `authenticated` EXECUTE permission',
      problems((f) =>
        judgedRoles.map(
          (role) =>
            f.source.roles.has(role) && !f.roles.includes(role) && `${role} may not execute ${f.name}`,
        ),
      ),
    ),
    verdict(
      'Nobody else may execute them, PUBLIC least of all',
      problems((f) => tooMany(f, f.source).map((role) => `${named(role)} may execute ${f.name}`)),
    ),
  ]
}

/** They may execute more than the migrations grant: a platform's default privileges and prisma/api-role.sql see to it. */
const trusted = new Set(['service_role', 'vetcita_api'])

/** The roles that may execute a function by no grant of the migrations, the trusted backend's apart. */
export function tooMany(live: LiveFunction, wanted: ExpectedFunction): string[] {
  return live.roles.filter((role) => !trusted.has(role) && !wanted.roles.has(role))
}

/** A role as it is written, `PUBLIC` in capitals. */
export function named(role: string): string {
  return role === 'public' ? 'PUBLIC' : role
}

function searchPathProblem({ name, config }: LiveFunction, wanted: string | undefined): string | false {
  const live = config.find((setting) => setting.startsWith('search_path='))?.slice('search_path='.length)
  if (live === undefined) return `${name} has no search_path`
  const plain = (path: string) => path.replace(/["'\s]/g, '')
  return wanted !== undefined && plain(live) !== plain(wanted) && `${name} has the search_path ${live}`
}

/** A check that fails with whatever problems there are. */
export function verdict(name: string, problems: readonly string[]): Check {
  return problems.length === 0
    ? { name, verdict: 'ok' }
    : { name, verdict: 'failed', detail: problems.join('; ') }
}
