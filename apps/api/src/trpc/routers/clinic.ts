import { clinic, clinicSummary, joinClinicInput, joinClinicResult } from '@vetcita/contracts'
import { anyPhoneOf, getClinic, joinClinic, listClinics } from '@vetcita/db'
import { z } from 'zod'
import { ProcedureError } from '../failures.ts'
import { withoutForbidden } from '../outcomes.ts'
import { publicProcedure, router, selectedClinic, signedInProcedure } from '../trpc.ts'

export const clinicRouter = router({
  /** Every clinic, for anyone. */
  list: publicProcedure.output(z.array(clinicSummary)).query(({ ctx }) => listClinics(ctx.db)),

  /** The selected clinic with its services and vets, for anyone. */
  get: publicProcedure.output(clinic).query(async ({ ctx }) => {
    const found = await getClinic(ctx.db, selectedClinic(ctx))
    if (found === null) throw new ProcedureError('CLINIC_NOT_FOUND')
    return found
  }),

  /** Makes the signed-in user a pet owner at the selected clinic; joining again changes nothing. */
  join: signedInProcedure
    .input(joinClinicInput)
    .output(joinClinicResult)
    .mutation(async ({ ctx, input }) => {
      const { id: userId, email, name } = ctx.user
      const actor = { userId, tenantId: selectedClinic(ctx), isStaff: false }
      const outcome = await joinClinic(ctx.db, actor, {
        email,
        fullName: input.fullName ?? name,
        // a client of another clinic need not type it again
        phone: input.phone ?? (await anyPhoneOf(ctx.db, userId)) ?? undefined,
      })
      return withoutForbidden(outcome)
    }),
})
