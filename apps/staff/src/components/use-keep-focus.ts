import { type RefObject, useEffect, useRef } from 'react'

/**
 * Keeps the keyboard inside an element after a change. The button that was pressed may be gone once the change is made,
 * and the focus would fall back to the start of the page.
 * @returns a ref for the element, which needs `tabIndex={-1}`
 */
export function useKeepFocus<E extends HTMLElement>(isBusy: boolean): RefObject<E | null> {
  const element = useRef<E>(null)
  const wasBusy = useRef(false)
  useEffect(() => {
    if (wasBusy.current && !isBusy && document.activeElement === document.body) element.current?.focus()
    wasBusy.current = isBusy
  }, [isBusy])
  return element
}
