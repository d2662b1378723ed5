import type { DayAppointment } from '@vetcita/contracts'
import { type CSSProperties, memo } from 'react'
import { type Card, FREES_THE_SLOT, roomOf } from './grid-model.ts'

/** Pixels of a minute of the clinic's clock: a quarter of an hour holds one line of text. */
export const PIXELS_PER_MINUTE = 22 / 15

interface CalendarCardProps extends Omit<Card, 'isPending'> {
  /** Status, service and pet owner, in words. */
  detail: string
  /** A copy of it is being dragged. */
  isHeld: boolean
}

/**
 * An appointment on the grid. The grid handles clicks and drags for all cards, and the memo keeps a refresh from
 * redrawing the hundreds that did not change.
 */
export const CalendarCard = memo(function CalendarCard(props: CalendarCardProps) {
  const { appointment, isHeld } = props
  return (
    <button
      type="button"
      className={cardClass(appointment)}
      data-appointment={appointment.id}
      data-held={isHeld || undefined}
      data-stray={props.stray ?? undefined}
      style={cardStyle(props)}
    >
      <CardText {...props} />
    </button>
  )
})

type CardTextProps = Pick<CalendarCardProps, 'appointment' | 'time' | 'detail' | 'visitShare'>

/** What a card says; the copy under the pointer says the same with the time it would be dropped at. */
export function CardText({ appointment, time, detail, visitShare }: CardTextProps) {
  const name = (
    <>
      <b>{time}</b> {appointment.pet.name}
    </>
  )
  return (
    <span className="vs-event-visit" style={{ blockSize: `${visitShare}%` }}>
      {FREES_THE_SLOT.includes(appointment.status) ? <s>{name}</s> : name} <small>{detail}</small>
    </span>
  )
}

export function cardClass(appointment: DayAppointment): string {
  return `vs-event vs-event-${appointment.status} vs-event-${roomOf(appointment)}`
}

/** Where a card is: its lane of how many, and minutes below the first drawn hour. */
export function cardStyle({
  top,
  height,
  lane,
  lanes,
}: Pick<Card, 'top' | 'height' | 'lane' | 'lanes'>): CSSProperties {
  return {
    top: top * PIXELS_PER_MINUTE,
    height: height * PIXELS_PER_MINUTE,
    ...(lanes === 1 ? {} : { left: `${(100 * lane) / lanes}%`, width: `${100 / lanes}%` }),
  }
}
