import type { Calendar } from '@event-calendar/core'
import type { EventInput } from './calendar-events.ts'

const HAND = 'in hand'

/**
 * Has the library drag a card, of which it knows nothing: until the pointer goes up it is given an event in the card's
 * place, and the press goes on to what it draws for that.
 * @param host the element that the calendar draws in
 * @param onEnd the pointer went up, after the library has told of a drop
 */
export function takeInHand(
  calendar: Calendar,
  host: Element,
  event: EventInput,
  press: PointerEvent,
  onEnd: () => void,
): void {
  const passOn = new MutationObserver(() => {
    const drawn = host.querySelector('.vs-hand')
    if (drawn === null) return
    passOn.disconnect()
    drawn.dispatchEvent(new PointerEvent(press.type, press))
  })
  passOn.observe(host, { childList: true, subtree: true })
  calendar.addEvent({ ...event, id: HAND, className: 'vs-hand' })
  const ended = new AbortController()
  const end = ({ pointerId }: PointerEvent) => {
    if (pointerId !== press.pointerId) return
    ended.abort()
    passOn.disconnect()
    calendar.removeEventById(HAND)
    onEnd()
  }
  window.addEventListener('pointerup', end, { signal: ended.signal })
  window.addEventListener('pointercancel', end, { signal: ended.signal })
}
