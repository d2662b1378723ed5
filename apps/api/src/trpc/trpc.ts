import { initTRPC, TRPCError } from '@trpc/server'
import { type Role, staffRoles } from '@vetcita/contracts'
import { findClinic, type SignedIn } from '@vetcita/db'
import { countCall } from '../http/metrics.ts'
import type { Context } from './context.ts'
import { errorDetails, fromDatabase, ProcedureError, publicMessage } from './failures.ts'

const t = initTRPC.context<Context>().create({
  isDev: false,
  // A client that hears nothing for three beats connects again: a connection may die without a word.
  sse: { ping: { enabled: true, intervalMs: 2_000 }, client: { reconnectAfterInactivityMs: 6_000 } },
  errorFormatter: ({ shape, error }) => ({
    code: shape.code,
    message: publicMessage(error),
    data: {
      code: shape.data.code,
      httpStatus: shape.data.httpStatus,
      path: shape.data.path,
      ...errorDetails(error),
    },
  }),
})

export const router = t.router

const measuredProcedure = t.procedure.use(async ({ path, next }) => {
  const begun = performance.now()
  const result = await next()
  countCall(path, result, (performance.now() - begun) / 1000)
  return result
})

/** For everybody. A database that is away, busy or not migrated reaches the client as such, with a reason. */
export const publicProcedure = measuredProcedure.use(async ({ next }) => {
  const result = await next()
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  const known = fromDatabase(result.error.cause)
  if (known !== null) throw known
  return result
})

/** For everybody, about the clinic that the request selects: `ctx.clinic`. */
export const clinicProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const clinic = await findClinic(ctx.db, 'visitor', selectedClinic(ctx))
  if (clinic === null) throw new ProcedureError('CLINIC_NOT_FOUND')
  return next({ ctx: { clinic } })
})

/** For who is signed in: `ctx.user`, and the token of their session, which no answer repeats. */
export const signedInProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const caller = await ctx.signedIn()
  if (caller === null || ctx.sessionToken === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { user: caller.user, standing: caller.standing, sessionToken: ctx.sessionToken } })
})

/**
 * For who has a profile at the selected clinic, acting for themselves and their own pets: `ctx.user`, `ctx.clinic` and
 * the role there. Staff have pets too.
 */
export const ownerProcedure = signedInProcedure.use(({ ctx, next }) => next({ ctx: membership(ctx, ctx) }))

/** For the selected clinic's receptionists, vets and admins. */
export const staffProcedure = ownerProcedure.use(async ({ ctx, next }) => {
  if (!isStaffRole(ctx.role)) throw new ProcedureError('NOT_STAFF')
  return next({ ctx: { role: ctx.role } })
})

/** For the selected clinic's admins. */
export const adminProcedure = staffProcedure.use(async ({ ctx, next }) => {
  if (ctx.role !== 'admin') throw new ProcedureError('NOT_ADMIN')
  return next()
})

/**
 * A caller as a member of the selected clinic, or the failure that says what is missing: a session, a clinic, a profile
 * there.
 */
export function membership(ctx: Pick<Context, 'selectedClinic'>, caller: Pick<SignedIn, 'standing'> | null) {
  if (caller === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  selectedClinic(ctx)
  if (caller.standing === null) throw new ProcedureError('CLINIC_NOT_FOUND')
  const { role, fullName, ...clinic } = caller.standing
  if (role === null) throw new ProcedureError('NOT_A_MEMBER')
  return { clinic, role, isStaff: staffRoles.includes(role), fullName }
}

/** The clinic that the request names in its header; whether the caller may act there is checked after this. */
export function selectedClinic(ctx: Pick<Context, 'selectedClinic'>): string {
  if (ctx.selectedClinic === null) throw new ProcedureError('CLINIC_MISSING')
  return ctx.selectedClinic
}

function isStaffRole(role: Role): role is Exclude<Role, 'owner'> {
  return staffRoles.includes(role)
}
