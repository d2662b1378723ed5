import type pg from 'pg'
import { z } from 'zod'
import type { Target } from '../database.ts'
import type { Check } from '../output.ts'

const facts = z.object({
  version: z.string(),
  number: z.number(),
  createrole: z.boolean(),
  superuser: z.boolean(),
  create_in_public: z.boolean(),
  create_schema: z.boolean(),
  read_only: z.boolean(),
  port: z.number().nullable(),
  roles: z.array(z.string()),
  extensions: z.array(z.string()),
  available: z.array(z.string()),
  foreign_owner: z.string().nullable(),
})

const roles = ['anon', 'authenticated', 'service_role']

/** Checks whether the migrations could run here: server, roles, extensions and the user's rights. */
export async function checkServer(client: pg.ClientBase, target: Target): Promise<Check[]> {
  const { rows } = await client.query(
    `select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
       r.rolcreaterole as createrole, r.rolsuper as superuser,
       has_schema_privilege('public', 'create') as create_in_public,
       has_database_privilege(current_database(), 'create') as create_schema,
       pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as read_only,
       inet_server_port() as port,
       array(select rolname::text from pg_roles where rolname = any ($1)) as roles,
       array(select extname::text from pg_extension) as extensions,
       array(select name::text from pg_available_extensions) as available,
       (select relowner::regrole::text from pg_class
        where oid = to_regclass('public.appointments') and not pg_has_role(relowner, 'usage')) as foreign_owner
     from pg_roles r where r.rolname = current_user`,
    [roles],
  )
  const [f] = z.tuple([facts]).parse(rows)
  const major = Math.floor(f.number / 10_000)
  const missingRoles = roles.filter((role) => !f.roles.includes(role))
  const mayCreateRoles = f.createrole || f.superuser
  return [
    required(`PostgreSQL ${f.version}`, major >= 15 && major <= 18, '15 to 18 are supported'),
    required('Writable', !f.read_only, 'this is a replica, or transactions are read-only'),
    direct(f.port, target),
    missingRoles.length === 0
      ? { name: `Roles ${roles.join(', ')}`, verdict: 'ok' }
      : {
          name: `Roles ${missingRoles.join(', ')} are missing`,
          verdict: mayCreateRoles ? 'warning' : 'failed',
          detail: mayCreateRoles
            ? 'migration 000 creates them'
            : `as a user with CREATEROLE: ${missingRoles.map((role) => `create role ${role} nologin noinherit;`).join(' ')}`,
        },
    extension('btree_gist', f, 'the overlap constraint needs it'),
    f.extensions.includes('pg_stat_statements')
      ? { name: 'Extension pg_stat_statements', verdict: 'ok' }
      : {
          name: 'Extension pg_stat_statements',
          verdict: 'warning',
          detail: 'not installed: monitor shows no maximum',
        },
    required('May create in schema public', f.create_in_public, 'grant create on schema public'),
    required('May create schemas', f.create_schema, 'grant create on database'),
    required(
      "Is the tables' owner, or a member of it",
      f.foreign_owner === null,
      `the tables belong to ${f.foreign_owner}: deploy as that user`,
    ),
  ]
}

function required(name: string, isMet: boolean, problem: string): Check {
  return isMet ? { name, verdict: 'ok' } : { name, verdict: 'failed', detail: problem }
}

function extension(name: string, f: z.infer<typeof facts>, why: string): Check {
  if (f.extensions.includes(name)) return { name: `Extension ${name}`, verdict: 'ok' }
  return f.available.includes(name)
    ? { name: `Extension ${name}`, verdict: 'ok', detail: 'not installed yet, the migration installs it' }
    : { name: `Extension ${name}`, verdict: 'failed', detail: `this server does not have it, and ${why}` }
}

/** Detects a pooler: in transaction mode each transaction may get another session, but migrations need a single one. */
function direct(port: number | null, target: Target): Check {
  const asked = target.config.port
  return port === null || port === asked
    ? { name: 'Direct connection to the server', verdict: 'ok' }
    : {
        name: `The server listens on port ${port}, and you connected to ${asked}`,
        verdict: 'warning',
        detail: 'behind a pooler, set DIRECT_URL to the server itself; a forwarded port is fine',
      }
}
