import { createContext, use } from 'react'

/**
 * How current the page is. `live`: changes show within a moment. `connecting`: the page has just opened. `stale`: the
 * connection is lost and being retried, and the page polls more often until it is back.
 */
export type LiveState = 'connecting' | 'live' | 'stale'

export const LiveContext = createContext<LiveState>('connecting')

export function useLiveState(): LiveState {
  return use(LiveContext)
}
