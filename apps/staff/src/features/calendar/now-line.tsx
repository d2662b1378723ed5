import type { ScheduleResult } from '@vetcita/contracts'
import { offsetMinutes } from '../../time/clinic-instant.ts'
import { useNow } from '../../time/use-now.ts'
import { PIXELS_PER_MINUTE } from './calendar-card.tsx'
import type { GridModel } from './grid-model.ts'

interface NowLineProps {
  view: 'day' | 'week'
  schedule: ScheduleResult
  model: GridModel
}

/** The present time across the day, or in today's column of a week. */
export function NowLine({ view, schedule, model: { from, to, columns } }: NowLineProps) {
  const minute = nowMinutes(schedule, useNow())
  const column = columns.findIndex(({ date }) => date === schedule.today)
  if (column === -1 || minute < from || minute > to) return null
  const width = view === 'day' ? 100 : 100 / columns.length
  return (
    <div
      className="vs-now"
      style={{
        top: (minute - from) * PIXELS_PER_MINUTE,
        left: `${column * width}%`,
        width: `${width}%`,
      }}
    />
  )
}

/**
 * The time on the clinic's clock, in minutes after midnight.
 * @param now milliseconds since 1970
 */
export function nowMinutes({ now: read }: Pick<ScheduleResult, 'now'>, now: number): number {
  const minutes = Math.floor(now / 60_000) + offsetMinutes(read)
  return ((minutes % 1440) + 1440) % 1440
}
