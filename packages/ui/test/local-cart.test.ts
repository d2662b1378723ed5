import { describe, expect, test } from 'vitest'
import { createLocalCart, parseCart } from '../src/local-cart.ts'

function memoryStore() {
  const texts = new Map<string, string>()
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => void texts.set(key, text),
    removeItem: (key: string) => void texts.delete(key),
  }
}

const collar = { type: 'product', id: '00000000-0000-4000-8000-000000000001' } as const
const food = { type: 'product', id: '00000000-0000-4000-8000-000000000002' } as const

describe("a visitor's cart", () => {
  test('survives a reload and belongs to one clinic', () => {
    const store = memoryStore()
    createLocalCart('adris', store).set(collar, 2)
    expect(createLocalCart('adris', store).read()).toEqual([{ ...collar, quantity: 2 }])
    expect(createLocalCart('other', store).read()).toEqual([])
  })

  test('keeps the order of adding, and quantities within 0..99', () => {
    const cart = createLocalCart('adris', memoryStore())
    cart.set(collar, 1)
    cart.set(food, 500)
    cart.set(collar, 3)
    expect(cart.read()).toEqual([
      { ...collar, quantity: 3 },
      { ...food, quantity: 99 },
    ])
    cart.set(collar, 0)
    expect(cart.read()).toEqual([{ ...food, quantity: 99 }])
  })

  test('remembers names, and holds no more lines than one merge accepts', () => {
    const store = memoryStore()
    const cart = createLocalCart('adris', store)
    cart.set({ ...food, name: 'Alimento' }, 1)
    cart.set(food, 2)
    expect(createLocalCart('adris', store).read()).toEqual([{ ...food, name: 'Alimento', quantity: 2 }])
    for (let n = 0; n < 250; n += 1) {
      const id = `00000000-0000-4000-8000-${String(1000 + n).padStart(12, '0')}`
      cart.set({ type: 'product', id }, 1)
    }
    expect(cart.read()).toHaveLength(200)
    cart.set(food, 5)
    expect(cart.read()[0]).toMatchObject({ quantity: 5 })
  })

  test('returns the same array until something changes, and notifies listeners', () => {
    const cart = createLocalCart('adris', memoryStore())
    let changes = 0
    const stop = cart.subscribe(() => {
      changes += 1
    })
    cart.set(food, 1)
    expect(cart.read()).toBe(cart.read())
    stop()
    cart.set(food, 2)
    expect(changes).toBe(1)
  })

  test('after a merge drops only what the server confirmed', () => {
    const store = memoryStore()
    const cart = createLocalCart('adris', store)
    cart.set(collar, 1)
    cart.set(food, 1)
    const sent = cart.read()
    createLocalCart('adris', store).set(food, 4)
    cart.forget(sent)
    expect(cart.read()).toEqual([{ ...food, quantity: 4 }])
    cart.forget(cart.read())
    expect(store.getItem('vetcita.cart.adris')).toBeNull()
  })

  test('survives invalid content in storage', () => {
    expect(parseCart('{"half')).toEqual([])
    expect(parseCart('{"a":1}')).toEqual([])
    const mixed = [
      { ...food, quantity: 2 },
      { ...food, quantity: 0.5 },
      { ...food, id: 'x', quantity: 1 },
      { id: 3 },
      null,
    ]
    expect(parseCart(JSON.stringify(mixed))).toEqual([{ ...food, quantity: 2 }])
  })
})
