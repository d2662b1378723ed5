import { useEffect, useRef } from 'react'
import type { Patient } from './patient.ts'

/**
 * Moves the focus in a form: to the next field when the patient has been chosen, and to the first invalid one after a
 * failed attempt.
 * @returns the ref for the form
 */
export function useFieldFocus(kind: Patient['kind'] | undefined, attempts: number) {
  const form = useRef<HTMLFormElement>(null)
  const before = useRef({ kind, attempts })
  useEffect(() => {
    const { current } = before
    before.current = { kind, attempts }
    const next =
      attempts > current.attempts
        ? '[aria-invalid="true"]'
        : kind !== current.kind
          ? '[data-autofocus]'
          : null
    if (next !== null) form.current?.querySelector<HTMLElement>(next)?.focus()
  }, [kind, attempts])
  return form
}
