import { limits } from '@vetcita/contracts/limits'

/** Splits a search that found no one into the first values of a new client: a phone, or else a name. */
export function contactFrom(typed: string): { fullName: string; phone: string } {
  const isPhone = /^[\d\s()+./-]+$/.test(typed)
  return isPhone ? { fullName: '', phone: typed } : { fullName: typed, phone: '' }
}

/** A phone may be left out, but not be shorter than the database takes. */
export function isPhoneTooShort(phone: string): boolean {
  const { length } = phone.trim()
  return length > 0 && length < limits.phone.min
}
