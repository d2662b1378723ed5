import { describe, expect, it } from 'vitest'
import {
  appointmentStatuses,
  availableSlotsInput,
  bookErrorCodes,
  bookInput,
  bookResult,
  changeStatusErrorCodes,
  changeStatusResult,
  mergeCartErrorCodes,
  mergeCartInput,
  mergeCartResult,
  mineInput,
  rescheduleErrorCodes,
  rescheduleResult,
  setCartItemErrorCodes,
  setCartItemInput,
  setCartItemResult,
  staffTransitions,
} from '../src/index.ts'

const uuid = '00000000-0000-4000-8000-000000000001'

describe('every code of a function reaches a client as a refusal, except FORBIDDEN', () => {
  it.each([
    ['book', bookErrorCodes, bookResult],
    ['reschedule', rescheduleErrorCodes, rescheduleResult],
    ['changeStatus', changeStatusErrorCodes, changeStatusResult],
    ['mergeCart', mergeCartErrorCodes, mergeCartResult],
    ['setItem', setCartItemErrorCodes, setCartItemResult],
  ] as const)('%s', (_name, codes, result) => {
    for (const error of codes) {
      const refusal = { success: false, error, message: 'x', suggestions: [] }
      expect([error, result.safeParse(refusal).success]).toEqual([error, error !== 'FORBIDDEN'])
    }
    expect(result.safeParse({ success: false, error: 'UNHEARD_OF', message: 'x' }).success).toBe(false)
  })

  it('a taken slot comes with at most three suggestions, and never without the list', () => {
    const slot = {
      vetId: uuid,
      startTime: '2030-01-01T10:00:00-03:00',
      endTime: '2030-01-01T10:30:00-03:00',
    }
    const taken = (suggestions?: unknown) =>
      bookResult.safeParse({ success: false, error: 'SLOT_UNAVAILABLE', message: 'x', suggestions }).success
    expect([taken([]), taken([slot, slot, slot]), taken([slot, slot, slot, slot]), taken()]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})

describe('transitions', () => {
  it('lead to known statuses, never to the same one, and nowhere from a final one', () => {
    expect(Object.keys(staffTransitions)).toEqual([...appointmentStatuses])
    for (const [from, to] of Object.entries(staffTransitions)) {
      for (const status of to) expect(appointmentStatuses).toContain(status)
      expect(to).not.toContain(from)
    }
    expect([staffTransitions.completed, staffTransitions.cancelled]).toEqual([[], []])
  })
})

describe('inputs', () => {
  const booking = {
    petId: uuid,
    serviceId: uuid,
    vetId: uuid,
    startTime: '2030-01-01T10:00:00-03:00',
    idempotencyKey: 'one-per-intent',
  }

  it('drop a tenant, a user and a role, which no input may name', () => {
    const parsed = bookInput.parse({
      ...booking,
      tenantId: 'x',
      bookedBy: uuid,
      isStaff: true,
      role: 'admin',
    })
    expect(parsed).toEqual({ ...booking, anyVet: false })
  })

  it('keep the ids and quantities of an anonymous cart, not its names and prices', () => {
    const line = { type: 'product', id: uuid, quantity: 2 }
    const parsed = mergeCartInput.parse({ items: [{ ...line, name: 'Cheap', price: 1 }] })
    expect(parsed).toEqual({ items: [line] })
  })

  it('accept a quantity below zero only as a step', () => {
    const line = { type: 'product', id: uuid, quantity: -1 }
    expect(setCartItemInput.safeParse({ ...line, mode: 'add' }).success).toBe(true)
    expect(setCartItemInput.safeParse(line).success).toBe(false)
  })

  it('search for slots of either a service or a move, over at most 62 days', () => {
    const of = (search: Record<string, unknown>) =>
      availableSlotsInput.safeParse({ from: '2030-01-01', to: '2030-01-07', ...search }).success
    expect(of({ serviceId: uuid })).toBe(true)
    expect(of({ appointmentId: uuid })).toBe(true)
    expect(of({})).toBe(false)
    expect(of({ serviceId: uuid, appointmentId: uuid })).toBe(false)
    expect(of({ serviceId: uuid, to: '2030-03-03' })).toBe(true)
    expect(of({ serviceId: uuid, to: '2030-03-04' })).toBe(false)
    expect(of({ serviceId: uuid, to: '2029-12-31' })).toBe(false)
  })

  it('accept only a cursor that this list returned', () => {
    const of = (cursor: string) => mineInput.safeParse({ when: 'past', cursor }).success
    expect(of(`2030-01-01T13:00:00.000000Z_${uuid}`)).toBe(true)
    for (const cursor of ['', 'x_y', `2030-01-01_${uuid}`, `2030-01-01T13:00:00.000000Z_${uuid}_more`])
      expect(of(cursor)).toBe(false)
  })
})
