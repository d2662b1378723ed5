import { isCustomer } from './membership-model.ts'
import { items } from './operations.ts'
import type { Call, Line, Prediction, State } from './state.ts'

type Merge = Extract<Call, { kind: 'merge' }>
type SetItem = Extract<Call, { kind: 'setItem' }>

/** What a merge did with each line that it received. */
export type Changes = { added: Line[]; raised: Line[]; unchanged: Line[]; rejected: Line[] }

/** Predicts `merge_cart_atomic`: a union, with the larger quantity of each item. */
export function predictMerge(state: State, call: Merge): Prediction {
  const before = state.carts.get(call.actor) ?? []
  // even for a caller without a profile, who has no cart
  if (call.lines.length === 0) return { answer: cartOf(before), state }
  if (!isCustomer(state, call.actor)) return { answer: 'CUSTOMER_NOT_FOUND', state }
  const requested = new Map<number, number>()
  for (const { item, quantity } of call.lines)
    requested.set(item, Math.max(quantity, requested.get(item) ?? 0))
  const changes: Changes = { added: [], raised: [], unchanged: [], rejected: [] }
  const after = [...before]
  for (const [item, quantity] of requested) {
    const at = after.findIndex((line) => line.item === item)
    const held = after[at]
    if (!isSold(item)) changes.rejected.push({ item, quantity })
    else if (held === undefined) {
      after.push({ item, quantity })
      changes.added.push({ item, quantity })
    } else if (held.quantity < quantity) {
      after[at] = { item, quantity }
      changes.raised.push({ item, quantity })
    } else changes.unchanged.push(held)
  }
  return { answer: cartOf(after, changes), state: withCart(state, call.actor, after) }
}

/** Predicts `set_cart_item_atomic`: a quantity, or a signed step clamped to 0 to 99. */
export function predictSetItem(state: State, call: SetItem): Prediction {
  if (!isCustomer(state, call.actor)) return { answer: 'CUSTOMER_NOT_FOUND', state }
  const before = state.carts.get(call.actor) ?? []
  const at = before.findIndex(({ item }) => item === call.item)
  const held = before[at]?.quantity ?? 0
  const quantity = call.mode === 'set' ? call.quantity : Math.max(0, Math.min(99, held + call.quantity))
  if (quantity > held && !isSold(call.item)) return { answer: 'ITEM_NOT_FOUND', state }
  const line = { item: call.item, quantity }
  const after =
    quantity === 0
      ? before.filter(({ item }) => item !== call.item)
      : at === -1
        ? [...before, line]
        : before.with(at, line)
  return { answer: cartOf(after), state: withCart(state, call.actor, after) }
}

function isSold(item: number): boolean {
  return items[item]?.sold === true
}

function withCart(state: State, owner: number, lines: readonly Line[]): State {
  return { ...state, carts: new Map(state.carts).set(owner, lines) }
}

export function cartOf(lines: readonly Line[], changes?: Changes): string {
  const list = (of: readonly Line[]) => of.map(({ item, quantity }) => `${quantity}×${item}`).join(' ')
  if (changes === undefined) return `cart [${list(lines)}]`
  return `cart [${list(lines)}] added [${list(changes.added)}] raised [${list(changes.raised)}] unchanged [${list(changes.unchanged)}] rejected [${list(changes.rejected)}]`
}
