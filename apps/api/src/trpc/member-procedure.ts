import {
  type Actor,
  type Admitted,
  type Arguments,
  type ArgumentTypes,
  callFunction,
  type Database,
  memberCall,
  type SqlFunction,
} from '@vetcita/db'
import type { Context, SessionUser } from './context.ts'
import { type Allowed, type Outcome, withoutForbidden } from './outcomes.ts'
import { type Member, publicProcedure, requireMember, selectedClinic } from './trpc.ts'

/** The outcome of a call, and the member who made it. */
type Called<Result extends Outcome> = Member & { outcome: Allowed<Result>; db: Database }

/**
 * Calls a function of the database as the member who makes the request, and returns its outcome. It identifies the member
 * in the same round trip and throws what `requireMember` throws for anyone else; then the function has not run.
 *
 * @param admitted requires more than the procedure does
 */
type Call = <Types extends ArgumentTypes, Result extends Outcome>(
  fn: SqlFunction<Types, Result>,
  args: Arguments<Types>,
  admitted?: Admitted,
) => Promise<Called<Result>>

/**
 * A procedure that does its work by `ctx.call`. It has no other access to the database: the caller is known only from the
 * statement that does the work (docs/decisions/022), so nothing can happen before the caller is checked.
 */
function callProcedure(admitted: Admitted) {
  return publicProcedure.use(async ({ ctx, next }) => {
    const { db, selectedClinic: tenantId, sessionToken: token } = ctx
    let isChecked = false
    const call: Call = async (fn, args, required = admitted) => {
      isChecked = true
      const answer = token === null ? null : await memberCall(db, { token, tenantId }, required, fn, args)
      const member = requireMember(ctx, answer?.caller ?? null, required)
      if (!answer?.outcome) throw new Error(`${fn.name} was not called for a member`)
      return { ...member, db, outcome: withoutForbidden(answer.outcome) }
    }
    const result = await next({ ctx: { call, db: undefined, sessionToken: undefined, signedIn: undefined } })
    // Input that is not valid makes no call, and a stranger is to be refused for being one before that.
    if (!isChecked) requireMember(ctx, await ctx.signedIn(), admitted)
    return result
  })
}

/** For one call by anyone with a profile at the selected clinic, acting for themselves and their own pets. */
export const memberProcedure = callProcedure('members')

/** For one call by the selected clinic's staff. */
export const staffCallProcedure = callProcedure('staff')

/** For one call by the selected clinic's admins. */
export const adminCallProcedure = callProcedure('admins')

/**
 * Calls a function as the signed-in user, who need not be a member of the selected clinic, and returns its outcome.
 *
 * @throws CLINIC_MISSING if the request selects none
 */
export async function callSignedIn<Types extends ArgumentTypes, Result extends Outcome>(
  ctx: Pick<Context, 'db' | 'selectedClinic'> & { user: SessionUser },
  fn: SqlFunction<Types, Result>,
  args: Arguments<Types>,
): Promise<Allowed<Result>> {
  const actor: Actor = { userId: ctx.user.id, tenantId: selectedClinic(ctx), isStaff: false }
  return withoutForbidden(await callFunction(ctx.db, fn, actor, args))
}
