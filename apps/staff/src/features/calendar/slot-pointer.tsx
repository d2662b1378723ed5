import { type RefObject, useEffect, useState } from 'react'
import { PIXELS_PER_MINUTE } from './calendar-card.tsx'
import type { GridModel } from './grid-model.ts'

interface SlotPointerProps {
  area: RefObject<HTMLElement | null>
  model: GridModel
}

/** The empty quarter of an hour under a mouse, with its time: where a click books. */
export function SlotPointer({ area, model: { from, columns } }: SlotPointerProps) {
  const [at, setAt] = useState<{ column: number; step: number } | null>(null)
  useEffect(() => {
    const element = area.current
    if (element === null) return
    const follow = ({ target, clientX, clientY, pointerType }: PointerEvent) => {
      const isOverCard = target instanceof Element && target.closest('[data-appointment]') !== null
      if (pointerType !== 'mouse' || isOverCard) return setAt(null)
      const box = element.getBoundingClientRect()
      const column = Math.floor(((clientX - box.left) / box.width) * columns.length)
      const step = Math.floor((clientY - box.top) / PIXELS_PER_MINUTE / 15)
      setAt((known) => (known?.column === column && known.step === step ? known : { column, step }))
    }
    const leave = () => setAt(null)
    element.addEventListener('pointermove', follow)
    element.addEventListener('pointerleave', leave)
    return () => {
      element.removeEventListener('pointermove', follow)
      element.removeEventListener('pointerleave', leave)
    }
  }, [area, columns.length])
  if (at === null) return null
  const minute = from + at.step * 15
  const pad = (value: number) => String(value).padStart(2, '0')
  return (
    <div
      className="vs-slot-pointer"
      aria-hidden
      style={{
        top: at.step * 15 * PIXELS_PER_MINUTE,
        height: 15 * PIXELS_PER_MINUTE,
        left: `${(100 * at.column) / columns.length}%`,
        width: `${100 / columns.length}%`,
      }}
    >
      {`${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`}
    </div>
  )
}
