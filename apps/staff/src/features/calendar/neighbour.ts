import type { Card, GridColumn } from './grid-model.ts'

export type Arrow = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight'

/**
 * The appointment that an arrow key leads to: up and down within the column, sideways to the card nearest in time in
 * the next column that has any. Null at an edge.
 * @param from the id of the appointment that has the focus
 */
export function neighbour(columns: readonly GridColumn[], from: string, arrow: Arrow): string | null {
  const at = columns.findIndex(({ cards }) => cards.some(({ appointment }) => appointment.id === from))
  const cards = columns[at]?.cards ?? []
  const index = cards.findIndex(({ appointment }) => appointment.id === from)
  const here = cards[index]
  if (here === undefined) return null
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    return cards[index + (arrow === 'ArrowDown' ? 1 : -1)]?.appointment.id ?? null
  }
  const distance = ({ top }: Card) => Math.abs(top - here.top)
  const beside = arrow === 'ArrowRight' ? columns.slice(at + 1) : columns.slice(0, at).reverse()
  const [nearest] = (beside.find((column) => column.cards.length > 0)?.cards ?? []).toSorted(
    (one, other) => distance(one) - distance(other),
  )
  return nearest?.appointment.id ?? null
}
