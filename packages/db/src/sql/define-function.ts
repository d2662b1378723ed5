import { z } from 'zod'
import { Prisma } from '../generated/client.ts'
import type { Actor } from './actor.ts'
import type { CallerTransaction, Database } from './client.ts'
import { withRetry } from './retry.ts'
import { oneRow } from './rows.ts'

type Values = {
  text: string
  uuid: string
  /** ISO 8601 with an offset. */
  timestamptz: string
  /** A wall clock's time, `YYYY-MM-DD HH:MM`. */
  timestamp: string
  integer: number
  boolean: boolean
  /** Sent as JSON. */
  jsonb: readonly object[] | Readonly<Record<string, unknown>>
  'text[]': readonly string[]
  'uuid[]': readonly string[]
}
type SqlType = keyof Values

/** SQL arguments by their names in camel case (`petId` is `p_pet_id`). A question mark allows none, which is null. */
export type ArgumentTypes = Readonly<Record<string, SqlType | `${SqlType}?`>>

type Value<Type> = Type extends `${infer Plain extends SqlType}?`
  ? Values[Plain] | undefined
  : Type extends SqlType
    ? Values[Type]
    : never

type Optional<Types> = {
  [Name in keyof Types]: Types[Name] extends `${string}?` ? Name : never
}[keyof Types]

/** What a caller passes for `ArgumentTypes`. */
export type Arguments<Types> = { [Name in Exclude<keyof Types, Optional<Types>>]: Value<Types[Name]> } & {
  [Name in Optional<Types>]?: Value<Types[Name]>
}

/** A refusal: a code of the database contract, with a sentence for people. One alternative per code, to narrow by. */
export type Refusal<Code extends string> = Code extends string
  ? { success: false; error: Code; message: string }
  : never

type Declaration<Types extends ArgumentTypes, Answer, Code extends string> = {
  name: string
  /** The arguments that identify the caller, each with the actor's field that it takes; `performer` by default. */
  actor?: Readonly<Record<string, keyof Actor>>
  args: Types
  /**
   * Reads a success, its keys in camel case. `replayed` is false where the function does not mention it. A refusal that
   * carries more than a code and a sentence is read here, too.
   */
  answer: z.ZodType<Answer>
  codes: readonly Code[]
  /** Keys of the answer, as SQL names them, that hold an instant which is to carry the clinic's offset. */
  moments?: readonly string[]
  /**
   * When running it twice has the effect of once, so that it is sent again after a lost connection, too: always, or if the
   * caller passes an `idempotencyKey`. Without it the caller has to find out first what happened.
   */
  repeatable?: 'always' | 'with-key'
}

/** A function of the database that answers with JSON: `success` and its data, or a refusal. */
export type SqlFunction<Types extends ArgumentTypes, Outcome> = {
  name: string
  moments: readonly string[]
  outcome: z.ZodType<Outcome>
  /** The call as an SQL expression; `actor` gives the expressions for the caller. */
  callSql: (actor: Readonly<Record<keyof Actor, Prisma.Sql>>, args: Arguments<Types>) => Prisma.Sql
  isRepeatable: (args: Arguments<Types>) => boolean
}

/** The arguments by which most functions identify the caller. */
export const performer = { p_tenant_id: 'tenantId', p_performed_by: 'userId' } as const

/**
 * Declares a function of the database, for `callFunction` and `memberCall`: its arguments, how a success is read and
 * which codes it refuses with. The names come from this declaration alone, values are always parameters.
 */
export function defineFunction<
  const Types extends ArgumentTypes,
  Answer extends { success: boolean },
  const Code extends string,
>(declared: Declaration<Types, Answer, Code>): SqlFunction<Types, Answer | Refusal<Code>> {
  const args = Object.entries(declared.args).map(([name, type]) => ({
    name,
    sql: Prisma.raw(`p_${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`),
    type: Prisma.raw(type.replace('?', '')),
  }))
  const actorArgs = Object.entries(declared.actor ?? performer).map(([name, field]) => ({
    sql: Prisma.raw(name),
    field,
  }))
  const refusal = z.object({ success: z.literal(false), error: z.enum(declared.codes), message: z.string() })
  const anyRefusal = z.custom<Refusal<Code>>((value) => refusal.safeParse(value).success)
  return {
    name: declared.name,
    moments: declared.moments ?? [],
    outcome: z.preprocess(withReplayed, z.union([declared.answer, anyRefusal])),
    callSql: (actor, values: Readonly<Record<string, unknown>>) =>
      Prisma.sql`${Prisma.raw(declared.name)}(${Prisma.join([
        ...actorArgs.map(({ sql, field }) => Prisma.sql`${sql} => ${actor[field]}`),
        ...args.map(
          ({ name, sql, type }) => Prisma.sql`${sql} => ${parameter(values[name], type.text)}::${type}`,
        ),
      ])})`,
    isRepeatable: (values: { idempotencyKey?: unknown }) =>
      declared.repeatable === 'always' ||
      (declared.repeatable === 'with-key' && values.idempotencyKey !== undefined),
  }
}

/** Calls a function on behalf of a known actor; `memberCall` identifies the caller itself. */
export function callFunction<Types extends ArgumentTypes, Outcome>(
  db: Database,
  fn: SqlFunction<Types, Outcome>,
  actor: Actor,
  args: Arguments<Types>,
): Promise<Outcome> {
  return withRetry(() => callInside(db, fn, actor, args), { repeatable: fn.isRepeatable(args) })
}

/** The same inside a transaction, which alone can be run again. */
export async function callInside<Types extends ArgumentTypes, Outcome>(
  tx: CallerTransaction,
  fn: SqlFunction<Types, Outcome>,
  actor: Actor,
  args: Arguments<Types>,
): Promise<Outcome> {
  const call = fn.callSql(
    {
      userId: Prisma.sql`${actor.userId}::uuid`,
      tenantId: Prisma.sql`${actor.tenantId}::text`,
      isStaff: Prisma.sql`${actor.isStaff}::boolean`,
    },
    args,
  )
  const rows = await tx.$queryRaw`select ${call} as outcome`
  return fn.outcome.parse(oneRow(outcomeRow, rows).outcome)
}

const outcomeRow = z.object({ outcome: z.unknown() })

function parameter(value: unknown, type: string): unknown {
  if (type.endsWith('[]')) return value ?? null
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value ?? null)
}

function withReplayed(outcome: unknown): unknown {
  return typeof outcome === 'object' ? { replayed: false, ...outcome } : outcome
}
