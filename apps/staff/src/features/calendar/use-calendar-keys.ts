import type { RefObject } from 'react'
import { usePageKeys } from '../../components/use-page-keys.ts'
import type { GridColumn } from './grid-model.ts'
import { type Arrow, neighbour } from './neighbour.ts'

interface CalendarKeys {
  page: RefObject<HTMLElement | null>
  columns: readonly GridColumn[]
  onNew: () => void
  onToday: () => void
  onMove: (appointmentId: string) => void
}

/**
 * The calendar by keyboard. Arrows take the focus from card to card, Enter opens the card (it is a button), and `m`
 * moves it, which is what dragging is for a mouse.
 */
export function useCalendarKeys({ page, columns, onNew, onToday, onMove }: CalendarKeys): void {
  const cards = () => [...(page.current?.querySelectorAll<HTMLElement>('[data-appointment]') ?? [])]
  const focused = () => cards().find((card) => card === document.activeElement)?.dataset.appointment
  const arrow = (key: Arrow) => () => {
    const from = focused()
    const first = columns.flatMap((column) => column.cards)[0]?.appointment.id
    const to = from === undefined ? first : neighbour(columns, from, key)
    const card = cards().find(({ dataset }) => dataset.appointment === to)
    card?.focus()
    card?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
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
