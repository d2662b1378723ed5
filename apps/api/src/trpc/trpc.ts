import { initTRPC, TRPCError, type TRPCMiddlewareFunction } from '@trpc/server'
import { type ClinicSummary, isStaffRole, type Role } from '@vetcita/contracts'
import { type Actor, type Admitted, findClinic, type SignedIn } from '@vetcita/db'
import { countCall } from '../http/metrics.ts'
import type { Context, SessionUser } from './context.ts'
import { errorDetails, fromDatabase, ProcedureError, publicMessage } from './failures.ts'

/** What a procedure says of itself: for how many ordinary ones it counts (http/admission.ts). */
type Meta = { cost: number }

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    // A client that receives nothing for three pings reconnects, since a connection may die silently.
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

type Next = Parameters<TRPCMiddlewareFunction<Context, Meta, object, object, unknown>>[0]['next']

/** The queries of each HTTP request, by name and input. */
const running = new WeakMap<object, Map<string, ReturnType<Next>>>()

/** Equal queries of one batch run once and are answered alike. They are one person's, and read at the same moment anyway. */
const sharedProcedure = measuredProcedure.use(async ({ ctx, path, type, getRawInput, next }) => {
  if (type !== 'query') return next()
  const key = JSON.stringify([path, await getRawInput()])
  const queries = running.get(ctx.batch) ?? new Map()
  running.set(ctx.batch, queries)
  const answer = queries.get(key) ?? next()
  queries.set(key, answer)
  return answer
})

/** For everyone. A database that is unreachable, busy or not migrated is reported to the client as such, with a reason. */
export const publicProcedure = sharedProcedure.use(async ({ next }) => {
  const result = await next()
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  const known = fromDatabase(result.error.cause)
  if (known !== null) throw known
  return result
})

/** For everyone, about the clinic that the request selects: `ctx.clinic`. */
export const clinicProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const clinic = await findClinic(ctx.db, selectedClinic(ctx))
  if (clinic === null) throw new ProcedureError('CLINIC_NOT_FOUND')
  return next({ ctx: { clinic } })
})

/** For the signed-in user: `ctx.user`, and the token of their session, which no answer repeats. */
export const signedInProcedure = publicProcedure.use(async ({ ctx, next }) => {
  const caller = await ctx.signedIn()
  if (caller === null || ctx.sessionToken === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { ...caller, sessionToken: ctx.sessionToken } })
})

/**
 * For anyone with a profile at the selected clinic, acting for themselves and their own pets: `ctx.clinic`, `ctx.role` and
 * `ctx.actor`. Staff have pets too.
 */
export const ownerProcedure = signedInProcedure.use(({ ctx, next }) =>
  next({ ctx: requireMember(ctx, ctx, 'members') }),
)

/** For the selected clinic's receptionists, vets and admins. */
export const staffProcedure = signedInProcedure.use(({ ctx, next }) =>
  next({ ctx: requireMember(ctx, ctx, 'staff') }),
)

/** For the selected clinic's admins. */
export const adminProcedure = signedInProcedure.use(({ ctx, next }) =>
  next({ ctx: requireMember(ctx, ctx, 'admins') }),
)

/** A user as a member of the selected clinic. */
export type Member = { user: SessionUser; clinic: ClinicSummary; role: Role; actor: Actor }

/**
 * Returns the caller as a member of the selected clinic, or throws what is missing, in this order: a session
 * (UNAUTHORIZED), a clinic (CLINIC_MISSING, CLINIC_NOT_FOUND), a profile there (NOT_A_MEMBER), its role (NOT_STAFF,
 * NOT_ADMIN).
 */
export function requireMember(
  ctx: Pick<Context, 'selectedClinic'>,
  caller: SignedIn | null,
  admitted: Admitted,
): Member {
  if (caller === null) throw new TRPCError({ code: 'UNAUTHORIZED' })
  selectedClinic(ctx)
  if (caller.membership === null) throw new ProcedureError('CLINIC_NOT_FOUND')
  const { role, fullName: _profileName, ...clinic } = caller.membership
  if (role === null) throw new ProcedureError('NOT_A_MEMBER')
  const isStaff = isStaffRole(role)
  if (admitted !== 'members' && !isStaff) throw new ProcedureError('NOT_STAFF')
  if (admitted === 'admins' && role !== 'admin') throw new ProcedureError('NOT_ADMIN')
  const { user } = caller
  return { user, clinic, role, actor: { userId: user.id, tenantId: clinic.id, isStaff } }
}

/** Returns the clinic that the request names in its header; whether the caller may act there is checked elsewhere. */
export function selectedClinic(ctx: Pick<Context, 'selectedClinic'>): string {
  if (ctx.selectedClinic === null) throw new ProcedureError('CLINIC_MISSING')
  return ctx.selectedClinic
}
