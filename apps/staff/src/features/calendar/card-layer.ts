import type { DayAppointment } from '@vetcita/contracts'
import { drawnOf, type EventInput } from './calendar-events.ts'
import { type Column, type DrawnHours, type Place, placeCards } from './card-layout.ts'
import { type GridTexts, newCard, writeCard } from './event-content.ts'
import { isSame } from './grid-events.ts'

interface Cards {
  events: readonly EventInput[]
  columns: readonly Column[]
  hours: DrawnHours
  texts: GridTexts
}

export interface CardLayer {
  /** Brings the cards to what they are to be; those that did not change are not touched. */
  draw: (cards: Cards) => void
  /** Fades the card that is being dragged; null for none. */
  hold: (appointmentId: string | null) => void
}

interface LayerOptions {
  pixelsPerMinute: number
  onOpen: (appointment: DayAppointment) => void
  /** A pointer goes down on a card that may be moved. */
  onPress: (event: EventInput, press: PointerEvent) => void
}

interface DrawnCard {
  element: HTMLElement
  event: EventInput
  texts: GridTexts
  place: string
}

/**
 * The cards of the grid, as plain nodes above the library's columns: it takes longer for each event than the browser
 * for drawing it. They are buttons in reading order, column by column.
 * @param host the element in which the library draws its events; its columns are the grid's
 */
export function cardLayer(host: Element, options: LayerOptions): CardLayer {
  const layer = document.createElement('div')
  layer.className = 'vs-card-layer'
  const drawn = new Map<string, DrawnCard>()
  const eventUnder = ({ target }: Event) => {
    const id =
      target instanceof Element ? target.closest<HTMLElement>('[data-card]')?.dataset.card : undefined
    return id === undefined ? undefined : drawn.get(id)?.event
  }
  const open = (event: EventInput | undefined) => {
    const what = event === undefined ? undefined : drawnOf(event)
    if (what?.kind === 'appointment') options.onOpen(what.appointment)
  }
  layer.addEventListener('click', (click) => open(eventUnder(click)))
  layer.addEventListener('keydown', (press) => {
    if (press.key !== 'Enter' && press.key !== ' ') return
    press.preventDefault()
    open(eventUnder(press))
  })
  layer.addEventListener('pointerdown', (press) => {
    const event = press.isPrimary && press.button === 0 ? eventUnder(press) : undefined
    if (event?.startEditable) options.onPress(event, press)
  })

  function card(key: string, { event, top, height, lane, lanes }: Place, texts: GridTexts): DrawnCard {
    const { pixelsPerMinute } = options
    const beside = lanes === 1 ? '' : `left:${(100 * lane) / lanes}%;width:${100 / lanes}%;`
    const place = `top:${top * pixelsPerMinute}px;height:${height * pixelsPerMinute}px;${beside}${event.style}`
    const known = drawn.get(key)
    const element = known?.element ?? newCard(key)
    if (known === undefined || known.texts !== texts || !isSame(known.event, event)) {
      const what = drawnOf(event)
      if (what?.kind === 'appointment') writeCard(element, what, texts)
    }
    if (known?.place !== place) element.style.cssText = place
    return { element, event, texts, place }
  }

  return {
    draw: ({ events, columns, hours, texts }) => {
      const placed = placeCards(events, columns, hours)
      const wanted = new Set(
        placed.flatMap((places, column) => places.map(({ event }) => keyOf(event, column))),
      )
      for (const [key, { element }] of drawn) {
        if (wanted.has(key)) continue
        element.remove()
        drawn.delete(key)
      }
      for (const [index, places] of placed.entries()) {
        const column = layer.children[index] ?? newColumn(layer)
        let next = column.firstElementChild
        for (const place of places) {
          const key = keyOf(place.event, index)
          const made = card(key, place, texts)
          drawn.set(key, made)
          // one that stands where it belongs keeps the focus
          if (made.element === next) next = next.nextElementSibling
          else column.insertBefore(made.element, next)
        }
      }
      if (!layer.isConnected) host.append(layer)
    },
    hold: (appointmentId) => {
      for (const { element } of drawn.values()) {
        element.toggleAttribute('data-held', element.dataset.appointment === appointmentId)
      }
    },
  }
}

/** One that crosses midnight stands in two columns. */
function keyOf({ id }: EventInput, column: number): string {
  return `${column} ${id}`
}

function newColumn(layer: HTMLElement): HTMLElement {
  const column = document.createElement('div')
  column.className = 'vs-column'
  layer.append(column)
  return column
}
