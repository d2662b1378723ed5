import {
  cartResult,
  itemsInput,
  mergeCartInput,
  mergeCartResult,
  product,
  productsInput,
  productsResult,
  setCartItemInput,
  setCartItemResult,
} from '@vetcita/contracts'
import { mergeCart, productsById, productsOf, setCartItem } from '@vetcita/db'
import { z } from 'zod'
import { memberProcedure } from '../member-procedure.ts'
import { clinicProcedure, router } from '../trpc.ts'

export const storeRouter = router({
  /** A page of what the clinic sells, for anyone. */
  products: clinicProcedure
    .input(productsInput)
    .output(productsResult)
    .query(async ({ ctx, input }) => ({
      currency: ctx.clinic.currency,
      locale: ctx.clinic.locale,
      ...(await productsOf(ctx.db, { ...input, tenantId: ctx.clinic.id })),
    })),

  /** Those of the products that are still sold, for anyone, to show a cart's lines by name, price and stock. */
  items: clinicProcedure
    .input(itemsInput)
    .output(z.array(product))
    .query(({ ctx, input }) => productsById(ctx.db, ctx.clinic.id, input.ids)),

  /** The user's own cart. Merging no items is how the database reads it in one round trip. */
  cart: memberProcedure.output(cartResult).query(async ({ ctx }) => {
    const { outcome } = await ctx.call(mergeCart, { newItems: [] })
    if (outcome.success || outcome.error === 'CUSTOMER_NOT_FOUND') return outcome
    throw new Error(`A merge of no items was refused: ${outcome.error}`)
  }),

  /** Merges a cart that was filled while signed out; merging the same one again changes nothing. */
  mergeCart: memberProcedure
    .input(mergeCartInput)
    .output(mergeCartResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(mergeCart, { newItems: input.items })).outcome),

  /** Sets the quantity of one line, or adds to it. */
  setItem: memberProcedure
    .input(setCartItemInput)
    .output(setCartItemResult)
    .mutation(async ({ ctx, input }) => (await ctx.call(setCartItem, input)).outcome),
})
