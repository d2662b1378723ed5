import { adris, lisboa } from '@vetcita/testing/seeded-clinics'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'
import { visitor } from './support/person.ts'

let api: TestApi

beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.stop())

const product = (id: string, quantity: number) => ({ type: 'product' as const, id, quantity })

describe('store', () => {
  it('lists the clinic’s products, none retired and none of another clinic', async () => {
    const person = await api.signUp('Shopper')
    const { products, currency } = await person.at('adris').store.products.query()
    expect(currency).toBe('PYG')
    expect(products.map((item) => [item.name, item.price, item.stock])).toEqual([
      ['Alimento', 85000.5, 10],
      ['Pelota', 12000, 3],
    ])
  })

  it('finds every word regardless of accents and case, by category too, and repeats no page', async () => {
    await api.admin.query(`
      insert into store_products (tenant_id, name, description, category, price, stock)
        select 'lisboa', 'Ração nº ' || lpad(n::text, 2, '0'), '100% de SALMÓN_fresco d’Óleo', case when n <= 5 then 'Gatos' else 'Cães' end, 10, n
        from generate_series(1, 30) n`)
    const { store } = visitor(api.url).at('lisboa')
    const find = async (input: Parameters<typeof store.products.query>[0]) => {
      const { products, total, categories } = await store.products.query(input)
      expect(categories).toEqual(['Cães', 'Gatos'])
      expect(products.length).toBeLessThanOrEqual(total)
      return total
    }
    expect(await find({ search: 'racao salmon' })).toBe(30)
    expect(await find({ search: 'FRESCO ração 07' })).toBe(1)
    expect(await find({ search: 'racao', category: 'Gatos' })).toBe(5)
    expect(await find({ search: "d'oleo" })).toBe(30)
    expect(await find({ search: 'doleo' })).toBe(30)
    expect(await find({ search: 'racao perro' })).toBe(0)
    // special characters of patterns are searched literally
    expect(await find({ search: 'rac.o' })).toBe(0)
    expect(await find({ search: '(rac[ao' })).toBe(0)
    expect(await find({ search: '***=racao' })).toBe(0)
    expect(await find({ search: '\\m racao \\' })).toBe(0)
    expect(await find({ search: '100%' })).toBe(30)
    expect(await find({ search: 'ra%07' })).toBe(0)
    expect(await find({ search: 'salm_n' })).toBe(0)

    const names: string[] = []
    let cursor: string | undefined
    do {
      const page = await store.products.query({ limit: 7, ...(cursor === undefined ? {} : { cursor }) })
      names.push(...page.products.map(({ name }) => name))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(new Set(names).size).toBe(32)
    expect(names).toHaveLength(32)
    const food = await store.items.query({ ids: [lisboa.food, lisboa.retiredProduct, adris.food] })
    expect(food).toMatchObject([{ id: lisboa.food, name: 'Alimento', stock: 10 }])
  })

  it('merges the carts of two devices: the larger quantity wins, repeating changes nothing, nothing is lost', async () => {
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

  it('keeps what is for sale and reports why it dropped the rest', async () => {
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
