import { appointmentStatuses, staffTransitions } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import { actionLabel, appointmentActions } from '../src/appointment/appointment-actions.ts'

const start = '2026-11-24T09:00:00-03:00'
const before = Date.parse(start) - 1
const after = Date.parse(start)

const offered = (status: (typeof appointmentStatuses)[number], now: number) => {
  const nextStatuses = [...staffTransitions[status]]
  return appointmentActions({ status, startTime: start, nextStatuses }, now)
}

describe('a card offers what the contract allows, and nothing else', () => {
  test.each(appointmentStatuses)('%s, once it has started', (status) => {
    const { primary, others } = offered(status, after)
    const all = primary === null ? others : [primary, ...others]
    expect([...all].sort()).toEqual([...staffTransitions[status]].sort())
  })

  test.each(['scheduled', 'confirmed', 'checked_in'] as const)(
    '%s is no no-show before its start',
    (status) => {
      expect(offered(status, before).others).not.toContain('no_show')
    },
  )

  test('the likely next step is the button', () => {
    expect(offered('scheduled', before).primary).toBe('confirmed')
    expect(offered('scheduled', after).primary).toBe('checked_in')
    expect(offered('in_progress', after).primary).toBe('completed')
    expect(offered('completed', after).primary).toBeNull()
  })

  test('what the server no longer lists is not offered', () => {
    const card = { status: 'scheduled', startTime: start, nextStatuses: [] } as const
    expect(appointmentActions({ ...card, nextStatuses: [...card.nextStatuses] }, after)).toEqual({
      primary: null,
      others: [],
    })
  })

  test('the ways into the waiting room are told apart', () => {
    expect(actionLabel('confirmed', 'checked_in')).toBe('checked_in')
    expect(actionLabel('in_progress', 'checked_in')).toBe('backToWaiting')
    expect(actionLabel('no_show', 'checked_in')).toBe('lateAfterAll')
  })
})
