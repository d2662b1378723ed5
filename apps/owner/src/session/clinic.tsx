import type { Clinic } from '@vetcita/contracts'
import { formatDate, formatMoney, useLanguage, useSession } from '@vetcita/ui'
import { createContext, useContext } from 'react'

/** The clinic that the page is about; null outside of any. */
export const ClinicContext = createContext<Clinic | null>(null)

/** Gives the pages inside the clinic that they are about. */
export const ClinicProvider = ClinicContext.Provider

/** The clinic that the page is about. Only inside `ClinicProvider`. */
export function useClinic(): Clinic {
  const clinic = useContext(ClinicContext)
  if (clinic === null) throw new Error('useClinic needs a ClinicProvider around it')
  return clinic
}

/** Who looks at this clinic: `unknown` until the first answer, then a visitor, a stranger with an account, or a member. */
export function useStanding(): 'unknown' | 'visitor' | 'stranger' | 'member' {
  const clinic = useClinic()
  const { user, clinics } = useSession()
  if (user === undefined) return 'unknown'
  if (user === null) return 'visitor'
  return clinics.some(({ id }) => id === clinic.id) ? 'member' : 'stranger'
}

/** An amount in this clinic's currency and the user's language. */
export function useMoney(): (amount: number) => string {
  const { currency } = useClinic()
  const language = useLanguage()
  return (amount) => formatMoney(amount, currency, language)
}

/** A clinic's date in words of the user's language, as in "martes, 24 de noviembre". */
export function useLongDate(): (date: string) => string {
  const language = useLanguage()
  return (date) => formatDate(date, 'long', language)
}
