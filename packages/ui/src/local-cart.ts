import type { LocalCartItem } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { uuidPattern } from '@vetcita/contracts/patterns'

const KEY_PREFIX = 'vetcita.cart.'
const NOTHING: readonly LocalLine[] = []

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** A line with the item's name when it was added: an item that is no longer sold has no other name to show. */
export type LocalLine = LocalCartItem & { name?: string }

/** A visitor's cart at one clinic, kept on the device until the server has taken it over. */
export interface LocalCart {
  /** The lines in the order in which they were added; the same array until something changes. */
  read(): readonly LocalLine[]
  /** Sets an item's quantity, clamped to 0..99; 0 removes the line. */
  set(item: Omit<LocalLine, 'quantity'>, quantity: number): void
  /**
   * Removes the lines that the server has confirmed. A line that has grown since (in another tab) stays for the next
   * merge, which takes the larger quantity anyway.
   */
  forget(merged: readonly LocalCartItem[]): void
  /** Calls back after every change, including those of other tabs; returns a function that stops it. */
  subscribe(listener: () => void): () => void
}

function parseLine(value: unknown): LocalLine | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('type' in value) || !('id' in value) || !('quantity' in value)) return null
  const { type, id, quantity } = value
  if (type !== 'product' && type !== 'service') return null
  if (typeof id !== 'string' || !uuidPattern.test(id) || typeof quantity !== 'number') return null
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > limits.cartQuantity) return null
  const name = 'name' in value && typeof value.name === 'string' ? { name: value.name } : {}
  return { type, id, quantity, ...name }
}

/** Parses a stored cart; what is not a line (an older version's, one edited by hand) is dropped. */
export function parseCart(text: string | null): readonly LocalLine[] {
  if (text === null) return NOTHING
  try {
    const stored: unknown = JSON.parse(text)
    if (!Array.isArray(stored)) return NOTHING
    return stored.map(parseLine).filter((line) => line !== null)
  } catch {
    return NOTHING
  }
}

const sameItem = (a: Pick<LocalCartItem, 'type' | 'id'>, b: Pick<LocalCartItem, 'type' | 'id'>): boolean =>
  a.type === b.type && a.id === b.id

/**
 * Opens the local cart of a clinic.
 * @param clinic the tenant's slug; each has its own cart
 * @param store where the cart is kept
 */
export function createLocalCart(clinic: string, store: Store = localStorage): LocalCart {
  const key = `${KEY_PREFIX}${clinic}`
  const listeners = new Set<() => void>()
  let lastText: string | null = null
  let lastLines = NOTHING

  function read(): readonly LocalLine[] {
    const text = store.getItem(key)
    if (text !== lastText) {
      lastText = text
      lastLines = parseCart(text)
    }
    return lastLines
  }

  function write(lines: readonly LocalLine[]): void {
    if (lines.length === 0) store.removeItem(key)
    else store.setItem(key, JSON.stringify(lines))
    for (const listener of listeners) listener()
  }

  return {
    read,
    set(item, quantity) {
      const kept = Math.max(0, Math.min(limits.cartQuantity, Math.trunc(quantity)))
      const lines = read()
      const name = item.name === undefined ? {} : { name: item.name }
      const line: LocalLine = { type: item.type, id: item.id, quantity: kept, ...name }
      if (kept === 0) write(lines.filter((other) => !sameItem(other, item)))
      else if (lines.some((other) => sameItem(other, item))) {
        write(lines.map((other) => (sameItem(other, item) ? { ...other, ...line } : other)))
      } else if (lines.length < limits.cartLines) write([...lines, line])
    },
    forget(merged) {
      write(read().filter((line) => !merged.some((m) => sameItem(m, line) && m.quantity >= line.quantity)))
    },
    subscribe(listener) {
      const onStorage = (event: StorageEvent) => {
        if (event.key === key || event.key === null) listener()
      }
      listeners.add(listener)
      if (typeof window !== 'undefined') window.addEventListener('storage', onStorage)
      return () => {
        listeners.delete(listener)
        if (typeof window !== 'undefined') window.removeEventListener('storage', onStorage)
      }
    },
  }
}
