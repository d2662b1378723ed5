import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { adris, lisboa } from './support/clinics.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const product = (id: string, quantity: number) => ({ type: 'product' as const, id, quantity })

describe('store', () => {
  it('shows what the clinic sells, and nothing retired or of another clinic', async () => {
    const person = await api.signUp('Shopper')
    const { products, currency } = await person.at('adris').store.products.query()
    expect(currency).toBe('PYG')
    expect(products.map((item) => [item.name, item.price, item.stock])).toEqual([
      ['Alimento', 85000.5, 10],
      ['Pelota', 12000, 3],
    ])
  })

  it('merges carts of two devices: the larger quantity wins, again changes nothing, nothing is lost', async () => {
    const person = await api.owner('Two Devices', 'adris')
    const merge = person.at('adris').store.mergeCart
    const [first] = await Promise.all([
      merge.mutate({ items: [product(adris.food, 2)] }),
      merge.mutate({
        items: [product(adris.toy, 5), { type: 'service', id: adris.consultation, quantity: 1 }],
      }),
    ])
    expect(first).toMatchObject({ success: true, changes: { added: [product(adris.food, 2)] } })
    const again = await merge.mutate({ items: [product(adris.food, 1), product(adris.toy, 7)] })
    expect(again).toMatchObject({
      success: true,
      changes: {
        added: [],
        raised: [{ type: 'product', id: adris.toy }],
        unchanged: [{ type: 'product', id: adris.food }],
      },
    })
    const cart = await person.at('adris').store.cart.query()
    if (!cart.success) throw new Error(cart.error)
    expect(new Map(cart.items.map((line) => [line.id, line.quantity]))).toEqual(
      new Map([
        [adris.food, 2],
        [adris.toy, 7],
        [adris.consultation, 1],
      ]),
    )
    expect(cart.items.find((line) => line.id === adris.food)).toMatchObject({
      name: 'Alimento',
      unitPrice: 85000.5,
      available: true,
    })
  })

  it('keeps what is sold and says why it did not keep the rest', async () => {
    const person = await api.owner('Rejected', 'adris')
    const outcome = await person.at('adris').store.mergeCart.mutate({
      items: [product(adris.food, 1), product(adris.retiredProduct, 1), product(lisboa.food, 1)],
    })
    if (!outcome.success) throw new Error(outcome.error)
    expect(outcome.items.map((line) => line.id)).toEqual([adris.food])
    expect(outcome.changes?.rejected.map((item) => item.id)).toEqual([adris.retiredProduct, lisboa.food])
    for (const item of outcome.changes?.rejected ?? []) expect(item.reason).not.toBe('')
  })

  it('sets, steps and removes one line', async () => {
    const person = await api.owner('Stepper', 'adris')
    const set = person.at('adris').store.setItem
    await set.mutate(product(adris.food, 3))
    await Promise.all(Array.from({ length: 5 }, () => set.mutate({ ...product(adris.food, 1), mode: 'add' })))
    const stepped = await person.at('adris').store.cart.query()
    expect(stepped).toMatchObject({ items: [{ id: adris.food, quantity: 8 }] })
    expect(await set.mutate(product(adris.food, 0))).toMatchObject({ success: true, items: [], itemCount: 0 })
    expect(await set.mutate(product(adris.retiredProduct, 1))).toMatchObject({ error: 'ITEM_NOT_FOUND' })
  })

  it('keeps a cart per clinic', async () => {
    const person = await api.owner('Both', 'adris', 'lisboa')
    await person.at('adris').store.setItem.mutate(product(adris.food, 1))
    expect(await person.at('lisboa').store.cart.query()).toEqual({ success: true, items: [], itemCount: 0 })
  })
})
