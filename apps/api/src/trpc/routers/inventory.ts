import {
  inventoryResult,
  removeProductInput,
  saveProductInput,
  saveProductResult,
  stepStockInput,
} from '@vetcita/contracts'
import { inventoryOf, removeProduct, saveProduct, stepStock } from '@vetcita/db'
import { itemNotFound } from '../outcomes.ts'
import { router, staffProcedure } from '../trpc.ts'

/** The clinic's shelves, as the staff keep them. */
export const inventoryRouter = router({
  list: staffProcedure.output(inventoryResult).query(async ({ ctx }) => ({
    currency: ctx.clinic.currency,
    locale: ctx.clinic.locale,
    products: await inventoryOf(ctx.db, { userId: ctx.user.id, tenantId: ctx.clinic.id }),
  })),

  save: staffProcedure
    .input(saveProductInput)
    .output(saveProductResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const product = await saveProduct(ctx.db, place, input)
      return product === null ? itemNotFound : { success: true, product }
    }),

  /** Counts pieces in or out; two people who count at once are both counted. */
  stepStock: staffProcedure
    .input(stepStockInput)
    .output(saveProductResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const product = await stepStock(ctx.db, place, input)
      return product === null ? itemNotFound : { success: true, product }
    }),

  remove: staffProcedure
    .input(removeProductInput)
    .output(saveProductResult)
    .mutation(async ({ ctx, input }) => {
      const place = { userId: ctx.user.id, tenantId: ctx.clinic.id }
      const product = await removeProduct(ctx.db, place, input.productId)
      return product === null ? itemNotFound : { success: true, product }
    }),
})
