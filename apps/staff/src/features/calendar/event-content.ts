import type { Calendar } from '@event-calendar/core'
import type { AppointmentStatus } from '@vetcita/contracts'
import { drawnOf, isShort } from './calendar-events.ts'

/** The words that the grid itself needs, in the language of the screen. */
export interface GridTexts {
  status: (status: AppointmentStatus) => string
  pending: string
  away: string
  missing: string
  repeated: string
  retiredService: string
}

/**
 * What stands on a card or a shaded stretch. Made by hand instead of by React: the grid draws hundreds of these at once
 * and asks for plain nodes.
 */
export function eventContent(
  { event }: Calendar.EventContentInfo,
  texts: GridTexts,
): Calendar.Content | undefined {
  const drawn = drawnOf(event)
  switch (drawn?.kind) {
    case 'appointment':
      return { domNodes: card(drawn, texts) }
    case 'away':
      return {
        domNodes: [line('vs-shade-label', drawn.reason ? `${texts.away}: ${drawn.reason}` : texts.away)],
      }
    case 'clock':
      return { domNodes: [line('vs-shade-label', texts[drawn.change])] }
    case undefined:
      return undefined
    default:
      return { domNodes: [] }
  }
}

function card(drawn: Extract<ReturnType<typeof drawnOf>, { kind: 'appointment' }>, texts: GridTexts): Node[] {
  const { appointment, time, isPending } = drawn
  const { pet, owner, service, status } = appointment
  const title = line('vs-event-title')
  title.dataset.appointment = appointment.id
  title.append(icon(), strong(time), ` ${pet.name} `)
  const rest = [
    isPending ? texts.pending : texts.status(status),
    service.name ?? texts.retiredService,
    ...(owner.fullName === null ? [] : [owner.fullName]),
  ]
  const detail = line('vs-event-detail', rest.join(' · '))
  if (isShort(appointment)) {
    title.append(detail)
    return [title]
  }
  return [title, detail]
}

function line(className: string, text = ''): HTMLElement {
  const element = document.createElement('span')
  element.className = className
  element.textContent = text
  return element
}

function strong(text: string): HTMLElement {
  const element = document.createElement('b')
  element.textContent = text
  return element
}

/** The status's icon, which the style sheet knows: a drawing in each of hundreds of cards takes its time. */
function icon(): HTMLElement {
  const element = document.createElement('i')
  element.className = 'vs-event-icon'
  return element
}
