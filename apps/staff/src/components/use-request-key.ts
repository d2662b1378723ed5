import { useRef } from 'react'
import { newKey } from './new-key.ts'

/**
 * Idempotency keys for one kind of write: the same key as long as the same thing is asked for, so that a tap after a lost
 * answer does nothing twice, and a new key as soon as something else is.
 */
export function useRequestKey(): (request: object) => string {
  const last = useRef<{ from: string; key: string } | null>(null)
  return (request) => {
    const from = JSON.stringify(request)
    if (last.current?.from !== from) last.current = { from, key: newKey() }
    return last.current.key
  }
}
