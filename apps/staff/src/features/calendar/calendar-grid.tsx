import '@event-calendar/core/index.css'
import './calendar.css'
import { useLanguage } from '@vetcita/ui'
import { useLayoutEffect, useRef } from 'react'
import { createGrid, type Grid, type GridHandlers, type Shown } from './grid.ts'

interface CalendarGridProps extends Shown, GridHandlers {
  view: 'day' | 'week'
  /** The name of the whole, for who can't see it. */
  label: string
}

/**
 * The grid: vets side by side, or the days of one vet's week, and time downwards. All times are the clinic's clock
 * without a zone, so the device's own zone has no say.
 */
export function CalendarGrid(props: CalendarGridProps) {
  const { view, schedule, events, texts, label } = props
  const language = useLanguage()
  const host = useRef<HTMLElement>(null)
  const grid = useRef<Grid>(null)
  const latest = useRef(props)
  useLayoutEffect(() => {
    latest.current = props
  })
  const offset = schedule.now.slice(-6)
  const vets = JSON.stringify(schedule.vets.map(({ id, fullName }) => [id, fullName]))

  useLayoutEffect(() => {
    if (host.current === null) return
    const made = createGrid(host.current, latest.current, {
      view,
      language,
      handlers: () => latest.current,
    })
    grid.current = made
    return () => {
      grid.current = null
      made.destroy()
    }
  }, [view, language, offset, vets])

  useLayoutEffect(() => grid.current?.show({ schedule, events, texts }), [schedule, events, texts])
  return <section ref={host} className="vs-grid" aria-label={label} />
}
