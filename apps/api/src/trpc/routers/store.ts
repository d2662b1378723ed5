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
import { withoutForbidden } from '../outcomes.ts'
import { clinicProcedure, ownerProcedure, router } from '../trpc.ts'

export const storeRouter = router({
  /** What the clinic sells, for anybody, a page at a time. */
  products: clinicProcedure
    .input(productsInput)
    .output(productsResult)
    .query(async ({ ctx, input }) => ({
      currency: ctx.clinic.currency,
      locale: ctx.clinic.locale,
      ...(await productsOf(ctx.db, { ...input, tenantId: ctx.clinic.id })),
    })),

  /** Of some products those that are still sold, for anybody: what a cart's lines are called, cost, and are in stock. */
  items: clinicProcedure
    .input(itemsInput)
    .output(z.array(product))
    .query(({ ctx, input }) => productsById(ctx.db, ctx.clinic.id, input.ids)),

  /** One's own cart: a merge of nothing, which is the database's own way of reading it in one round trip. */
  cart: ownerProcedure.output(cartResult).query(async ({ ctx }) => {
    const outcome = withoutForbidden(
      await mergeCart(ctx.db, { tenantId: ctx.clinic.id, customerId: ctx.user.id, items: [] }),
    )
    if (outcome.success || outcome.error === 'CUSTOMER_NOT_FOUND') return outcome
    throw new Error(`A merge of no items was refused: ${outcome.error}`)
  }),

  /** Joins a cart that was filled while signed out; merging the same one again changes nothing. */
  mergeCart: ownerProcedure
    .input(mergeCartInput)
    .output(mergeCartResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await mergeCart(ctx.db, {
          tenantId: ctx.clinic.id,
          customerId: ctx.user.id,
          items: input.items,
        }),
      ),
    ),

  /** Sets one line's quantity, or steps it. */
  setItem: ownerProcedure
    .input(setCartItemInput)
    .output(setCartItemResult)
    .mutation(async ({ ctx, input }) =>
      withoutForbidden(
        await setCartItem(ctx.db, { ...input, tenantId: ctx.clinic.id, customerId: ctx.user.id }),
      ),
    ),
})
