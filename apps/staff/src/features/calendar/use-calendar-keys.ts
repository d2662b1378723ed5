import type { RefObject } from 'react'
import { usePageKeys } from '../../lib/use-page-keys.ts'
import type { EventInput } from './calendar-events.ts'
import { type Arrow, cardsOf, neighbour } from './neighbour.ts'

interface CalendarKeys {
  grid: RefObject<HTMLElement | null>
  events: readonly EventInput[]
  /** Vets in a day, dates in a week, as they stand side by side. */
  columns: readonly string[]
  byDay: boolean
  onNew: () => void
  onToday: () => void
  onMove: (appointmentId: string) => void
}

/**
 * The calendar by keyboard. The selection is the focus: arrows take it from card to card, Enter opens the card (the
 * grid's own doing), `m` moves it, which is what dragging is for a mouse.
 */
export function useCalendarKeys({
  grid,
  events,
  columns,
  byDay,
  onNew,
  onToday,
  onMove,
}: CalendarKeys): void {
  const marks = () => [...(grid.current?.querySelectorAll<HTMLElement>('[data-appointment]') ?? [])]
  const focused = () => marks().find((mark) => mark === document.activeElement)?.dataset.appointment
  const focus = (id: string) => {
    const card = marks().find(({ dataset }) => dataset.appointment === id)
    card?.focus()
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
  const arrow = (key: Arrow) => () => {
    const cards = cardsOf(events, columns, byDay)
    const from = focused()
    const to = from === undefined ? cards[0]?.id : neighbour(cards, columns, from, key)
    if (to !== null && to !== undefined) focus(to)
  }
  usePageKeys({
    ArrowUp: arrow('ArrowUp'),
    ArrowDown: arrow('ArrowDown'),
    ArrowLeft: arrow('ArrowLeft'),
    ArrowRight: arrow('ArrowRight'),
    n: onNew,
    t: onToday,
    m: () => {
      const id = focused()
      if (id !== undefined) onMove(id)
    },
  })
}
