import {
  AutoScroller,
  DragDropManager,
  Draggable,
  PointerActivationConstraints,
  PointerSensor,
  PreventSelection,
} from '@dnd-kit/dom'
import type { DayAppointment } from '@vetcita/contracts'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { PIXELS_PER_MINUTE } from './calendar-card.tsx'

/** A dragged card: how far it was taken from where it was pressed. */
export interface CardDrag {
  appointment: DayAppointment
  /** The column it was pressed in, which for a card across midnight may be the second of two. */
  from: number
  /** The column under the pointer. */
  to: number
  /** In steps of a quarter of an hour; negative is earlier. */
  minutes: number
}

interface CardDragOptions {
  /** Holds the columns side by side, all of one width, and nothing else. */
  columns: RefObject<HTMLElement | null>
  columnCount: number
  /** The appointment of a pressed element, if it is a card that may be moved. */
  movable: (pressed: Element) => DayAppointment | undefined
  onDrop: (drag: CardDrag) => void
}

const STEP_MINUTES = 15
/** Milliseconds that a finger has to rest on a card, so that a swipe still scrolls. */
const TOUCH_DELAY = 350
/** Pixels that a mouse has to travel, so that a click with an unsteady hand still opens the card. */
const MOUSE_DISTANCE = 5

/**
 * Drags cards with mouse, pen or finger. The library tells a drag from a click or a swipe, scrolls at the edges and
 * ends at Escape. To it the columns are the one thing that is draggable: which card was pressed is looked up at the
 * press, so that hundreds of cards need not be registered.
 * @returns the drag under way, or null
 */
export function useCardDrag(options: CardDragOptions): CardDrag | null {
  const [drag, setDrag] = useState<CardDrag | null>(null)
  const latest = useRef(options)
  useLayoutEffect(() => {
    latest.current = options
  })
  const { columns } = options

  useEffect(() => {
    const element = columns.current
    if (element === null) return
    let pressed: DayAppointment | undefined
    let start = { column: 0, y: 0 }
    let current: CardDrag | null = null
    const show = (next: CardDrag | null) => {
      current = next
      setDrag(next)
    }
    // relative to the columns and not to the screen, which they are scrolled under
    const locate = ({ x, y }: { x: number; y: number }) => {
      const box = element.getBoundingClientRect()
      const { columnCount } = latest.current
      const column = Math.floor(((x - box.left) / box.width) * columnCount)
      return { column: Math.min(Math.max(column, 0), columnCount - 1), y: y - box.top }
    }
    const manager = new DragDropManager({
      plugins: [AutoScroller, PreventSelection],
      sensors: [
        PointerSensor.configure({
          activationConstraints: ({ pointerType }) => [
            pointerType === 'touch'
              ? new PointerActivationConstraints.Delay({ value: TOUCH_DELAY, tolerance: MOUSE_DISTANCE })
              : new PointerActivationConstraints.Distance({ value: MOUSE_DISTANCE }),
          ],
          preventActivation: ({ target }) => {
            pressed = target instanceof Element ? latest.current.movable(target) : undefined
            return pressed === undefined
          },
        }),
      ],
    })
    const follow = (at = manager.dragOperation.position.current) => {
      if (current === null) return
      const { column, y } = locate(at)
      const minutes = Math.round((y - start.y) / PIXELS_PER_MINUTE / STEP_MINUTES) * STEP_MINUTES
      if (column !== current.to || minutes !== current.minutes) show({ ...current, to: column, minutes })
    }
    manager.monitor.addEventListener('dragstart', () => {
      if (pressed === undefined) return
      start = locate(manager.dragOperation.position.initial)
      show({ appointment: pressed, from: start.column, to: start.column, minutes: 0 })
    })
    manager.monitor.addEventListener('dragmove', () => requestAnimationFrame(() => follow()))
    manager.monitor.addEventListener('dragend', ({ canceled, nativeEvent }) => {
      // the last move before a quick release may not have been reported yet
      if (nativeEvent instanceof PointerEvent) follow({ x: nativeEvent.clientX, y: nativeEvent.clientY })
      const dropped = current
      show(null)
      if (!canceled && dropped !== null && (dropped.to !== dropped.from || dropped.minutes !== 0)) {
        latest.current.onDrop(dropped)
      }
    })
    const draggable = new Draggable({ id: 'card', element }, manager)
    // scrolling at an edge moves the columns under a pointer that rests
    const followScroll = () => follow()
    document.addEventListener('scroll', followScroll, { capture: true, passive: true })
    return () => {
      document.removeEventListener('scroll', followScroll, { capture: true })
      draggable.destroy()
      manager.destroy()
    }
  }, [columns])

  return drag
}
