import { useEffect, useRef } from 'react'
import type { Patient } from './patient.ts'

/**
 * Takes the keyboard on in a form that is given the answer as its ref: to the first field that is still to be filled in when it is known whom the appointment is for,
 * and to the first one at fault when booking was tried too early.
 */
export function useFieldFocus(kind: Patient['kind'] | undefined, tries: number) {
  const form = useRef<HTMLFormElement>(null)
  const before = useRef({ kind, tries })
  useEffect(() => {
    const { current } = before
    before.current = { kind, tries }
    const next =
      tries > current.tries ? '[aria-invalid="true"]' : kind !== current.kind ? '[data-autofocus]' : null
    if (next !== null) form.current?.querySelector<HTMLElement>(next)?.focus()
  }, [kind, tries])
  return form
}
