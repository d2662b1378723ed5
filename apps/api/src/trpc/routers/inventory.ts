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

/** The clinic's products, as the staff manage them. */
export const inventoryRouter = router({
  list: staffProcedure.output(inventoryResult).query(async ({ ctx }) => ({
    currency: ctx.clinic.currency,
    locale: ctx.clinic.locale,
    products: await inventoryOf(ctx.db, ctx.actor),
  })),

  save: staffProcedure
    .input(saveProductInput)
    .output(saveProductResult)
    .mutation(async ({ ctx, input }) => {
      const product = await saveProduct(ctx.db, ctx.actor, input)
      return product === null ? itemNotFound : { success: true, product }
    }),

  /** Adds to the stock or subtracts from it; two changes at once both count. */
  stepStock: staffProcedure
    .input(stepStockInput)
    .output(saveProductResult)
    .mutation(async ({ ctx, input }) => {
      const product = await stepStock(ctx.db, ctx.actor, input)
      return product === null ? itemNotFound : { success: true, product }
    }),

  remove: staffProcedure
    .input(removeProductInput)
    .output(saveProductResult)
    .mutation(async ({ ctx, input }) => {
      const product = await removeProduct(ctx.db, ctx.actor, input.productId)
      return product === null ? itemNotFound : { success: true, product }
    }),
})
