import type { AppointmentStatus } from '@vetcita/contracts'
import { STATUS_LOOK } from '@vetcita/ui'

/** Under which id a status's icon can be drawn again. */
export function statusIconId(status: AppointmentStatus): string {
  return `vs-icon-${status}`
}

/** Each status's icon once, out of sight, for the cards of the grid to point at. */
export function StatusIcons() {
  return (
    <svg className="vs-icons" aria-hidden="true">
      {Object.entries(STATUS_LOOK).map(([status, { icon: Icon }]) => (
        <symbol key={status} id={`vs-icon-${status}`} viewBox="0 0 24 24">
          <Icon size={24} stroke={2} />
        </symbol>
      ))}
    </svg>
  )
}
