import { STATUS_LOOK } from '@vetcita/ui'
import { useLayoutEffect, useRef } from 'react'

/** Renders each status's icon once, hidden, and copies it into a CSS variable (`--vs-icon-…`) for the cards. */
export function StatusIcons() {
  const host = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { style } = document.documentElement
    for (const icon of host.current?.querySelectorAll<SVGElement>('[data-status]') ?? []) {
      const drawing = encodeURIComponent(icon.outerHTML)
      style.setProperty(`--vs-icon-${icon.dataset.status}`, `url("data:image/svg+xml,${drawing}")`)
    }
  }, [])
  return (
    <div ref={host} hidden>
      {Object.entries(STATUS_LOOK).map(([status, { icon: Icon }]) => (
        <Icon key={status} data-status={status} />
      ))}
    </div>
  )
}
