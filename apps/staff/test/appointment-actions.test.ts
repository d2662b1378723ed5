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

describe('a card offers the allowed status changes and nothing else', () => {
  test.each(appointmentStatuses)('%s after its start', (status) => {
    const { primary, others } = offered(status, after)
    const all = primary === null ? others : [primary, ...others]
    expect([...all].sort()).toEqual([...staffTransitions[status]].sort())
  })

  test.each(['scheduled', 'confirmed', 'checked_in'] as const)(
    '%s cannot be a no-show before its start',
    (status) => {
      expect(offered(status, before).others).not.toContain('no_show')
    },
  )

  test('the likely next status is the primary action', () => {
    expect(offered('scheduled', before).primary).toBe('confirmed')
    expect(offered('scheduled', after).primary).toBe('checked_in')
    expect(offered('in_progress', after).primary).toBe('completed')
    expect(offered('completed', after).primary).toBeNull()
  })

  test('a status that the server does not list is not offered', () => {
    const card = { status: 'scheduled', startTime: start, nextStatuses: [] } as const
    expect(appointmentActions({ ...card, nextStatuses: [...card.nextStatuses] }, after)).toEqual({
      primary: null,
      others: [],
    })
  })

  test('coming back to the waiting room has labels of its own', () => {
    expect(actionLabel('confirmed', 'checked_in')).toBe('checked_in')
    expect(actionLabel('in_progress', 'checked_in')).toBe('backToWaiting')
    expect(actionLabel('no_show', 'checked_in')).toBe('lateAfterAll')
  })
})
