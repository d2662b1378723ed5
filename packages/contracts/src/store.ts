import { z } from 'zod'
import { mergeCartErrorCodes, setCartItemErrorCodes } from './codes.ts'
import { limits } from './limits.ts'
import { uuidPattern } from './patterns.ts'
import { id, refusal, text } from './values.ts'

const itemType = z.enum(['product', 'service'])

/** A line of an anonymous cart. Name and price are the catalogue's, so other keys are dropped here. */
export const localCartItem = z.object({
  type: itemType,
  id,
  quantity: z.int().min(1).max(limits.cartQuantity),
})

export const mergeCartInput = z.object({ items: z.array(localCartItem).max(limits.cartLines) })

/** `set` replaces the quantity (0 removes the line); `add` is a signed step, whose result stays within the limit. */
export const setCartItemInput = z
  .object({
    type: itemType,
    id,
    quantity: z.int().min(-limits.cartQuantity).max(limits.cartQuantity),
    mode: z.enum(['set', 'add']).default('set'),
  })
  .refine((input) => input.mode === 'add' || input.quantity >= 0, {
    message: 'May not be negative',
    path: ['quantity'],
  })

/** A line of the cart. `available`: the catalogue still sells it. `unitPrice` is in the clinic's currency. */
export const cartLine = z.object({
  type: itemType,
  id,
  name: z.string().nullable(),
  quantity: z.int(),
  unitPrice: z.number().nullable(),
  available: z.boolean(),
})

const cartChange = z.object({ type: itemType, id, quantity: z.int() })

/** What a merge did, item by item: the larger quantity won; `rejected` is what the catalogue does not sell, and why. */
export const cartChanges = z.object({
  added: z.array(cartChange),
  raised: z.array(cartChange),
  unchanged: z.array(cartChange),
  rejected: z.array(cartChange.extend({ reason: z.string() })),
})

/** The cart in the order in which its lines were first added. `itemCount` is the database's count. */
export const cart = z.object({
  success: z.literal(true),
  items: z.array(cartLine),
  itemCount: z.int(),
})

export const mergeCartSuccess = cart.extend({ changes: cartChanges.optional() })

export const mergeCartResult = z.discriminatedUnion('success', [
  mergeCartSuccess,
  refusal(mergeCartErrorCodes),
])

export const setCartItemResult = z.discriminatedUnion('success', [cart, refusal(setCartItemErrorCodes)])

export const cartResult = z.discriminatedUnion('success', [cart, refusal(['CUSTOMER_NOT_FOUND'])])

/** A product on sale; `stock` is what the clinic has, `category` the clinic's own name for the shelf. */
export const product = z.object({
  id,
  name: z.string(),
  description: z.string().nullable(),
  category: z.string().nullable(),
  price: z.number(),
  stock: z.int(),
})

/** Every word of `search` must be in the name, the description or the category; accents and case do not matter. */
export const productsInput = z
  .object({
    search: text(limits.searchText).optional(),
    category: text(limits.productCategory).optional(),
    /** The `nextCursor` of the page before. */
    cursor: z
      .string()
      .max(300)
      .refine((value) => uuidPattern.test(value.slice(0, value.indexOf('_'))), {
        message: 'Not a cursor of this list',
      })
      .pipe(text(300))
      .optional(),
    limit: z.int().min(1).max(60).default(24),
  })
  .default({ limit: 24 })

/** A page of products by name, how many there are on all pages, and every category of the clinic. */
export const productsResult = z.object({
  currency: z.string(),
  locale: z.string(),
  products: z.array(product),
  total: z.int(),
  categories: z.array(z.string()),
  nextCursor: z.string().nullable(),
})

/** The products of a cart, whose name, price and stock are requested. */
export const itemsInput = z.object({ ids: z.array(id).max(limits.cartLines) })

export type LocalCartItem = z.infer<typeof localCartItem>
export type SetCartItemResult = z.infer<typeof setCartItemResult>
export type CartLine = z.infer<typeof cartLine>
export type CartChanges = z.infer<typeof cartChanges>
export type CartResult = z.infer<typeof cartResult>
export type Product = z.infer<typeof product>
