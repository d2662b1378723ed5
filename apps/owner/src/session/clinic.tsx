import type { Clinic } from '@vetcita/contracts'
import { formatDate, formatMoney, useLanguage, useSession } from '@vetcita/ui'
import { createContext, useContext } from 'react'

/** The clinic of the current page; null outside a clinic's pages. */
export const ClinicContext = createContext<Clinic | null>(null)

/** Provides the clinic to its pages. */
export const ClinicProvider = ClinicContext.Provider

/** Returns the clinic of the current page. Throws outside `ClinicProvider`. */
export function useClinic(): Clinic {
  const clinic = useContext(ClinicContext)
  if (clinic === null) throw new Error('useClinic needs a ClinicProvider around it')
  return clinic
}

/**
 * Returns what the user is at this clinic: a `visitor` is signed out, a `stranger` signed in without a profile here, a
 * `member` has one. `unknown` until the session has loaded.
 */
export function useMembership(): 'unknown' | 'visitor' | 'stranger' | 'member' {
  const clinic = useClinic()
  const { user, clinics } = useSession()
  if (user === undefined) return 'unknown'
  if (user === null) return 'visitor'
  return clinics.some(({ id }) => id === clinic.id) ? 'member' : 'stranger'
}

/** Returns a function that formats an amount in this clinic's currency and the user's language. */
export function useMoney(): (amount: number) => string {
  const { currency } = useClinic()
  const language = useLanguage()
  return (amount) => formatMoney(amount, currency, language)
}

/** Returns a function that formats a clinic's date in the user's language, as in "martes, 24 de noviembre". */
export function useLongDate(): (date: string) => string {
  const language = useLanguage()
  return (date) => formatDate(date, 'long', language)
}
