import { createContext, use } from 'react'

/**
 * How fresh what is on screen can be taken to be. `live`: every change shows within a moment. `connecting`: the first
 * moments of a page. `stale`: the connection is lost; it is being sought again, and the page asks by itself meanwhile.
 */
export type LiveState = 'connecting' | 'live' | 'stale'

export const LiveContext = createContext<LiveState>('connecting')

/** How fresh the clinic's appointments on screen are. */
export function useLiveState(): LiveState {
  return use(LiveContext)
}
