import { useRef } from 'react'

/** Returns a new idempotency key. `crypto.randomUUID` is missing on plain http outside localhost, so not by that. */
export function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}

/**
 * Idempotency keys for one kind of write. Equal requests in a row get the same key, so that a second tap after a lost
 * answer does nothing twice; a different request gets a new one.
 */
export function useRequestKey(): (request: object) => string {
  const last = useRef<{ from: string; key: string } | null>(null)
  return (request) => {
    const from = JSON.stringify(request)
    if (last.current?.from !== from) last.current = { from, key: newKey() }
    return last.current.key
  }
}
