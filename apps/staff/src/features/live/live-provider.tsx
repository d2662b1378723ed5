import type { ReactNode } from 'react'
import { LiveContext } from '../../session/live-state.ts'
import { useLiveCalendar } from './use-live-calendar.ts'

/** One live connection for all of a clinic's pages. */
export function LiveProvider({ clinic, children }: { clinic: string; children: ReactNode }) {
  return <LiveContext value={useLiveCalendar(clinic)}>{children}</LiveContext>
}
