import './calendar.css'
import type { DayAppointment, ScheduleResult } from '@vetcita/contracts'
import { formatDate, useLanguage } from '@vetcita/ui'
import { type MouseEvent, memo, type RefObject, useLayoutEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { marksOf } from '../../appointment/appointment-marks.tsx'
import { shiftWall, type Wall } from '../../time/wall-clock.ts'
import { CalendarCard, CardText, cardClass, cardStyle, PIXELS_PER_MINUTE } from './calendar-card.tsx'
import {
  type Card,
  draggedStart,
  type GridColumn,
  type GridModel,
  type Shade,
  type Stray,
} from './grid-model.ts'
import { NowLine, nowMinutes } from './now-line.tsx'
import { SlotPointer } from './slot-pointer.tsx'
import { type CardDrag, useCardDrag } from './use-card-drag.ts'

/** A card dropped at another time or vet. */
export interface Drop {
  appointment: DayAppointment
  vetId: string
  start: Wall
}

/** An empty place of the grid. */
export interface GridSlot {
  vetId: string
  start: Wall
}

interface CalendarGridProps {
  view: 'day' | 'week'
  schedule: ScheduleResult
  model: GridModel
  /** The accessible name of the grid. */
  label: string
  onOpen: (appointment: DayAppointment) => void
  onDrop: (drop: Drop) => void
  onSlot: (slot: GridSlot) => void
}

/**
 * The calendar: vets side by side, or the days of one vet's week, with time running down. All times are the clinic's
 * clock without a zone, so the device's own zone has no say.
 */
export function CalendarGrid({ view, schedule, model, label, onOpen, onDrop, onSlot }: CalendarGridProps) {
  const language = useLanguage()
  const scroller = useRef<HTMLElement>(null)
  const area = useRef<HTMLDivElement>(null)
  const { columns, from, to } = model
  const appointments = useMemo(
    () => new Map(columns.flatMap(({ cards }) => cards.map((card) => [card.appointment.id, card]))),
    [columns],
  )
  const cardAt = (target: EventTarget) =>
    target instanceof Element
      ? appointments.get(target.closest<HTMLElement>('[data-appointment]')?.dataset.appointment ?? '')
      : undefined
  const drag = useCardDrag({
    columns: area,
    columnCount: columns.length,
    movable: (pressed) => {
      const card = cardAt(pressed)
      return card?.appointment.canMove && !card.isPending ? card.appointment : undefined
    },
    onDrop: (dropped) => {
      const target = dropTarget(dropped, columns)
      if (target !== null) onDrop(target)
    },
  })
  useFirstScroll(scroller, view, schedule, model)

  const click = (event: MouseEvent<HTMLDivElement>) => {
    // the click that ends a drag
    if (event.defaultPrevented) return
    const card = cardAt(event.target)
    if (card !== undefined) return onOpen(card.appointment)
    const box = event.currentTarget.getBoundingClientRect()
    const column = columns[Math.floor(((event.clientX - box.left) / box.width) * columns.length)]
    const minute = from + Math.floor((event.clientY - box.top) / PIXELS_PER_MINUTE / 15) * 15
    if (column !== undefined) {
      onSlot({ vetId: column.vetId, start: shiftWall(`${column.date}T00:00`, minute * 60) })
    }
  }

  const widths = { gridTemplateColumns: `repeat(${columns.length}, minmax(var(--vs-column-min), 1fr))` }
  return (
    <section
      ref={scroller}
      className="vs-grid"
      data-view={view}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an empty grid has to scroll by keyboard, too
      tabIndex={0}
    >
      <div className="vs-grid-head">
        <div className="vs-gutter" />
        <div className="vs-columns" style={widths}>
          {columns.map((column) => (
            <div key={column.key} className="vs-column-head" data-today={isToday(column, view, schedule)}>
              {view === 'day' ? column.vetName : formatDate(column.date, 'short', language)}
            </div>
          ))}
        </div>
      </div>
      <div className="vs-grid-body" style={{ height: (to - from) * PIXELS_PER_MINUTE }}>
        <Clock from={from} to={to} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: cards are buttons; keys for the rest are the page's */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: n books by keyboard */}
        <div ref={area} className="vs-columns" style={widths} onClick={click}>
          {columns.map((column) => (
            <Column key={column.key} column={column} heldId={drag?.appointment.id} />
          ))}
          <NowLine view={view} schedule={schedule} model={model} />
          {drag === null ? <SlotPointer area={area} model={model} /> : null}
          {drag === null ? null : <DragCopy drag={drag} columns={columns} />}
        </div>
      </div>
    </section>
  )
}

function isToday({ date }: GridColumn, view: 'day' | 'week', { today }: ScheduleResult) {
  return (view === 'week' && date === today) || undefined
}

function Clock({ from, to }: Pick<GridModel, 'from' | 'to'>) {
  const hours = Array.from({ length: (to - from) / 60 }, (_, index) => from / 60 + index)
  return (
    <div className="vs-gutter" aria-hidden>
      {hours.map((hour) => (
        <span key={hour}>{`${String(hour).padStart(2, '0')}:00`}</span>
      ))}
    </div>
  )
}

interface ColumnProps {
  column: GridColumn
  /** The appointment that is being dragged. */
  heldId: string | undefined
}

/** A step of a drag redraws the copy under the pointer and no column. */
const Column = memo(function Column({ column, heldId }: ColumnProps) {
  const detailOf = useCardDetail()
  return (
    <div className="vs-column">
      {column.shades.map((shade) => (
        <ShadeBlock key={shade.id} {...shade} />
      ))}
      {column.cards.map(({ isPending, ...card }) => (
        <CalendarCard
          key={card.appointment.id}
          {...card}
          detail={detailOf(card.appointment, isPending, card.stray)}
          isHeld={card.appointment.id === heldId}
        />
      ))}
    </div>
  )
})

function ShadeBlock({ kind, reason, top, height }: Shade) {
  const { t } = useTranslation('staff')
  const style = { top: top * PIXELS_PER_MINUTE, height: height * PIXELS_PER_MINUTE }
  const text = kind === 'off' ? null : `${t(`calendar.${kind}`)}${reason === null ? '' : `: ${reason}`}`
  return (
    <div className={`vs-shade vs-shade-${kind}`} style={style}>
      {text === null ? null : <span>{text}</span>}
    </div>
  )
}

/** The second line of a card: status, service and pet owner. */
function useCardDetail() {
  const { t } = useTranslation(['staff', 'ui'])
  return (appointment: DayAppointment, isPending: boolean, stray: Stray | null) => {
    const marks = new Set([...marksOf(appointment), ...(stray === null ? [] : [stray])])
    const { status, service, owner } = appointment
    return [
      isPending ? t('calendar.pending') : t(`ui:status.${status}`),
      ...[...marks].map((mark) => t(`override.mark.${mark}`)),
      service.name ?? t('card.retiredService'),
      ...(owner.fullName === null ? [] : [owner.fullName]),
    ].join(' · ')
  }
}

/** The copy of a card under the pointer: says at which time and with which vet it would be dropped. */
function DragCopy({ drag, columns }: { drag: CardDrag; columns: readonly GridColumn[] }) {
  const detailOf = useCardDetail()
  const { appointment, from, to, minutes } = drag
  const card: Card | undefined = columns[from]?.cards.find((one) => one.appointment.id === appointment.id)
  const target = dropTarget(drag, columns)
  if (card === undefined || target === null) return null
  const style = cardStyle({ ...card, top: card.top + minutes, lane: to, lanes: columns.length })
  const time = target.start.slice(11)
  return (
    <div className="vs-drag" style={style} aria-hidden>
      <div className="vs-drag-target">{`${time} · ${columns[to]?.vetName}`}</div>
      <div className={cardClass(appointment)}>
        <CardText {...card} time={time} detail={detailOf(appointment, false, null)} />
      </div>
    </div>
  )
}

function dropTarget(
  { appointment, from, to, minutes }: CardDrag,
  columns: readonly GridColumn[],
): Drop | null {
  const [source, target] = [columns[from], columns[to]]
  if (source === undefined || target === undefined) return null
  const days = (Date.parse(target.date) - Date.parse(source.date)) / 86_400_000
  const vetId = source.vetId === target.vetId ? appointment.vet.id : target.vetId
  return { appointment, vetId, start: draggedStart(appointment, minutes, days) }
}

/** Scrolls to the time of day on the clinic's today, with an hour before it in view; to the top on other days. */
function useFirstScroll(
  scroller: RefObject<HTMLElement | null>,
  view: 'day' | 'week',
  schedule: ScheduleResult,
  model: GridModel,
) {
  // a refresh of the same days must not scroll
  useLayoutEffect(() => {
    const isTodayShown = schedule.days.some(({ date }) => date === schedule.today)
    const minute = Math.floor(nowMinutes(schedule, Date.now()) / 30) * 30 - 70
    scroller.current?.scrollTo({ top: isTodayShown ? (minute - model.from) * PIXELS_PER_MINUTE : 0 })
  }, [scroller, view, schedule.date])
}
