import type { Calendar } from '@event-calendar/core'
import type { AppointmentStatus } from '@vetcita/contracts'
import { type Drawn, drawnOf, FREES_THE_SLOT, roomOf } from './calendar-events.ts'

type DrawnAppointment = Extract<Drawn, { kind: 'appointment' }>

/** The words that the grid itself needs, in the language of the screen. */
export interface GridTexts {
  status: Record<AppointmentStatus, string>
  pending: string
  away: string
  missing: string
  repeated: string
  retiredService: string
}

/** What the library shows on a shaded stretch, and on the card that is being dragged. */
export function eventContent(
  { event }: Calendar.EventContentInfo,
  texts: GridTexts,
): Calendar.Content | undefined {
  const drawn = drawnOf(event)
  switch (drawn?.kind) {
    case 'appointment': {
      // pressed and not yet dragged: the card itself is still there
      if (event.display !== 'preview') return { domNodes: [] }
      const card = newCard()
      writeCard(card, drawn, texts)
      return { domNodes: [card] }
    }
    case 'away':
      return { domNodes: [label(drawn.reason ? `${texts.away}: ${drawn.reason}` : texts.away)] }
    case 'clock':
      return { domNodes: [label(texts[drawn.change])] }
    case undefined:
      return undefined
    default:
      return { domNodes: [] }
  }
}

/**
 * An empty card. Made by hand instead of by React, and of few nodes: the grid draws hundreds of these at once.
 * @param key by which the card is found again when it is clicked; one without it is a picture
 */
export function newCard(key?: string): HTMLElement {
  const card = document.createElement('article')
  if (key === undefined) return card
  card.dataset.card = key
  card.tabIndex = 0
  card.setAttribute('role', 'button')
  return card
}

/** Writes an appointment on a card. */
export function writeCard(card: HTMLElement, drawn: DrawnAppointment, texts: GridTexts): void {
  const { appointment, time, isPending } = drawn
  const { pet, owner, service, status } = appointment
  const visit = document.createElement('div')
  const clock = document.createElement('b')
  clock.textContent = time
  const detail = document.createElement('span')
  const rest = [
    isPending ? texts.pending : texts.status[status],
    service.name ?? texts.retiredService,
    ...(owner.fullName === null ? [] : [owner.fullName]),
  ]
  detail.textContent = rest.join(' · ')
  if (FREES_THE_SLOT.includes(status)) {
    const struck = document.createElement('s')
    struck.append(clock, ` ${pet.name}`)
    visit.append(struck, ' ', detail)
  } else {
    visit.append(clock, ` ${pet.name} `, detail)
  }
  card.dataset.appointment = appointment.id
  card.className = `vs-event vs-event-${status} vs-event-${roomOf(appointment)}`
  card.replaceChildren(visit)
}

function label(text: string): HTMLElement {
  const element = document.createElement('span')
  element.className = 'vs-shade-label'
  element.textContent = text
  return element
}
