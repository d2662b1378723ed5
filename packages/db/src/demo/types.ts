import type { DemoClinicId } from './sign-ins.ts'

/** What a service is called, how long it takes, how long the room is busy after it (minutes), and its price. */
export type DemoService = readonly [name: string, minutes: number, bufferMinutes: number, price: number]

/** A product's name, description, price and stock. */
export type DemoProduct = readonly [name: string, description: string, price: number, stock: number]

/** A category of the store and its products. */
export type DemoShelf = readonly [category: string, products: readonly DemoProduct[]]

/** Opening hours of one weekday (1 Monday to 7), as `HH:MM` of the clinic's zone; a lunch break parts them in two. */
export type DemoHours = {
  weekdays: readonly number[]
  spans: readonly (readonly [opens: string, closes: string])[]
}

export type DemoVet = { email: string; name: string; hours: readonly DemoHours[] }

export type DemoClinic = {
  id: DemoClinicId
  name: string
  timezone: string
  currency: string
  locale: string
  changeNoticeMinutes: number
  vets: readonly DemoVet[]
  services: readonly DemoService[]
  shelves: readonly DemoShelf[]
  firstNames: readonly string[]
  lastNames: readonly string[]
  petNames: readonly string[]
  phonePrefix: string
  reasons: readonly string[]
  cancellations: readonly string[]
}
