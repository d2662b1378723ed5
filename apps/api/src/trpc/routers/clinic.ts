import { clinic, clinicSummary, joinClinicInput, joinClinicResult } from '@vetcita/contracts'
import { anyPhoneOf, getClinic, joinClinic, listClinics } from '@vetcita/db'
import { z } from 'zod'
import { ProcedureError } from '../failures.ts'
import { withoutForbidden } from '../outcomes.ts'
import { publicProcedure, router, selectedClinic, signedInProcedure } from '../trpc.ts'

export const clinicRouter = router({
  /** Every clinic, for anybody. */
  list: publicProcedure.output(z.array(clinicSummary)).query(({ ctx }) => listClinics(ctx.db)),

  /** The selected clinic with its services and vets, for anybody. */
  get: publicProcedure.output(clinic).query(async ({ ctx }) => {
    const found = await getClinic(ctx.db, selectedClinic(ctx))
    if (found === null) throw new ProcedureError('CLINIC_NOT_FOUND')
    return found
  }),

  /** Makes who is signed in an owner at the selected clinic; again changes nothing. */
  join: signedInProcedure
    .input(joinClinicInput)
    .output(joinClinicResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await joinClinic(ctx.db, {
          userId: ctx.user.id,
          email: ctx.user.email,
          tenantId: selectedClinic(ctx),
          fullName: input.fullName ?? ctx.user.name,
          // whoever is a client elsewhere types nothing twice
          phone: input.phone ?? (await anyPhoneOf(ctx.db, ctx.user.id)) ?? undefined,
        }),
      ),
    ),
})
