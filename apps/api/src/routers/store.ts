import {
  cartResult,
  mergeCartInput,
  mergeCartResult,
  productsResult,
  setCartItemInput,
  setCartItemResult,
} from '@vetcita/contracts'
import { mergeCart, productsOf, setCartItem } from '@vetcita/db'
import { withoutForbidden } from '../outcomes.ts'
import { clinicProcedure, ownerProcedure, router } from '../trpc.ts'

export const storeRouter = router({
  /** What the clinic sells, for anybody. */
  products: clinicProcedure.output(productsResult).query(async ({ ctx }) => ({
    currency: ctx.clinic.currency,
    locale: ctx.clinic.locale,
    products: await productsOf(ctx.db, ctx.clinic.id),
  })),

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
