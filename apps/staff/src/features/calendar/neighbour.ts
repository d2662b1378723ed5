import type { EventInput } from './calendar-events.ts'

export type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'

interface Card {
  id: string
  column: string
  start: string
}

/** The cards of the grid, column by column and in order of time. */
export function cardsOf(
  events: readonly EventInput[],
  columns: readonly string[],
  byDay: boolean,
): readonly Card[] {
  return events
    .flatMap(({ id, start, resourceIds, extendedProps }) => {
      if (extendedProps.drawn.kind !== 'appointment') return []
      const at = String(start)
      return [{ id: String(id), start: at, column: byDay ? at.slice(0, 10) : String(resourceIds) }]
    })
    .sort(
      (one, other) =>
        columns.indexOf(one.column) - columns.indexOf(other.column) || one.start.localeCompare(other.start),
    )
}

/**
 * Where an arrow leads from a card: up and down along its column, to the sides to the card nearest in time in the next
 * column that has any. Null at an edge.
 */
export function neighbour(
  cards: readonly Card[],
  columns: readonly string[],
  from: string,
  arrow: Arrow,
): string | null {
  const here = cards.find(({ id }) => id === from)
  if (here === undefined) return null
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    const column = cards.filter((card) => card.column === here.column)
    return column[column.indexOf(here) + (arrow === 'ArrowDown' ? 1 : -1)]?.id ?? null
  }
  const step = arrow === 'ArrowRight' ? 1 : -1
  for (let at = columns.indexOf(here.column) + step; at >= 0 && at < columns.length; at += step) {
    const clock = (card: Card) => Date.parse(`1970-01-01T${card.start.slice(11)}:00Z`)
    const [nearest] = cards
      .filter(({ column }) => column === columns[at])
      .sort((one, other) => Math.abs(clock(one) - clock(here)) - Math.abs(clock(other) - clock(here)))
    if (nearest !== undefined) return nearest.id
  }
  return null
}
