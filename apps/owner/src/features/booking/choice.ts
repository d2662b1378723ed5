import type { Service, Slot } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { uuidPattern } from '@vetcita/contracts/patterns'
import { newKey } from '@vetcita/ui/api/request-key'

/** The steps of a booking in order. */
export const steps = ['pet', 'service', 'vet', 'time', 'confirm'] as const

export type Step = (typeof steps)[number]

/** The user has no preference; the time that they pick decides which vet it is. */
export const ANY_VET = 'any'

/**
 * What a visitor has chosen so far, kept in the URL: a reload, the back button or signing in loses nothing.
 * `pet` is an id; before signing in, `petName` and `petSpecies` take its place. `vet` is an id or "any". `time` is the
 * start as the server wrote it, with the clinic's offset, and `with` is its vet. `key` is the idempotency key of exactly
 * this choice, `reason` what the clinic should know. `week` and `day` are what the picker shows. `booked` is the
 * appointment's id once there is one.
 */
export interface Choice {
  step?: Step
  pet?: string
  petName?: string
  petSpecies?: string
  service?: string
  vet?: string
  week?: string
  day?: string
  time?: string
  with?: string
  key?: string
  reason?: string
  booked?: string
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
const text = (maxLength: number) => new RegExp(`^.{1,${maxLength}}$`, 'su')
const VALID: Record<Exclude<keyof Choice, 'step'>, RegExp> = {
  pet: uuidPattern,
  petName: text(limits.petName),
  petSpecies: text(limits.species),
  service: uuidPattern,
  vet: new RegExp(`${uuidPattern.source}|^${ANY_VET}$`, 'i'),
  week: DATE,
  day: DATE,
  time: /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/,
  with: uuidPattern,
  key: /^[\w.:-]{8,100}$/,
  reason: text(limits.appointmentReason),
  booked: uuidPattern,
}

const isStep = (value: unknown): value is Step => steps.some((step) => step === value)

/** Reads the choice from a URL's search; invalid values are ignored. */
export function parseChoice(search: Record<string, unknown>): Choice {
  const choice: Choice = isStep(search.step) ? { step: search.step } : {}
  for (const [name, pattern] of Object.entries(VALID)) {
    // A pet called 007 is read from the URL as a number.
    const value = typeof search[name] === 'number' ? String(search[name]) : search[name]
    if (typeof value === 'string' && pattern.test(value)) Object.assign(choice, { [name]: value })
  }
  return choice
}

/** The pet of a booking: one of the user's own, or one that is made when the booking is confirmed. */
export type Patient = { id: string } | { name: string; species: string }

/** A choice with every answer: what the last page shows and books. */
export interface BookingIntent {
  patient: Patient
  serviceId: string
  vetId: string
  /** Another vet would do if this start is taken. */
  anyVet: boolean
  /** ISO 8601 with the clinic's offset. */
  startTime: string
  idempotencyKey: string
}

function patientOf({ pet, petName, petSpecies }: Choice): Patient | undefined {
  if (pet !== undefined) return { id: pet }
  return petName === undefined ? undefined : { name: petName, species: petSpecies ?? 'other' }
}

/** The booking that a choice stands for; null while an answer is missing. */
export function intentOf(choice: Choice): BookingIntent | null {
  const { service, vet, time, with: vetId, key } = choice
  const patient = patientOf(choice)
  if (
    patient === undefined ||
    service === undefined ||
    vet === undefined ||
    time === undefined ||
    vetId === undefined ||
    key === undefined
  ) {
    return null
  }
  return {
    patient,
    serviceId: service,
    vetId,
    anyVet: vet === ANY_VET,
    startTime: time,
    idempotencyKey: key,
  }
}

const isAnswered: Record<Step, (choice: Choice) => boolean> = {
  pet: (choice) => patientOf(choice) !== undefined,
  service: (choice) => choice.service !== undefined,
  vet: (choice) => choice.vet !== undefined,
  time: (choice) => intentOf(choice) !== null,
  confirm: () => false,
}

/** Returns the first step whose answer is missing, `confirm` if none is. */
export function nextStep(choice: Choice): Step {
  return steps.find((step) => !isAnswered[step](choice)) ?? 'confirm'
}

/** Returns the step to show: the requested one, unless an earlier one has no answer yet. */
export function stepOf(choice: Choice): Step {
  const missing = nextStep(choice)
  if (choice.step === undefined) return missing
  return steps.indexOf(choice.step) <= steps.indexOf(missing) ? choice.step : missing
}

function without(choice: Choice, ...names: (keyof Choice)[]): Choice {
  return Object.fromEntries(Object.entries(choice).filter(([name]) => !names.some((other) => other === name)))
}

function onward(choice: Choice): Choice {
  return { ...choice, step: nextStep(choice) }
}

/** Whether a service is for a pet of that species; undefined while it is not known. */
export const isFor = ({ species }: Pick<Service, 'species'>, pet: string | undefined): boolean =>
  species === null || pet === undefined || species.includes(pet)

/** Whether a vet does a service. */
export const isDoneBy = ({ vetIds }: Pick<Service, 'vetIds'>, vet: string): boolean =>
  vetIds.length === 0 || vetIds.includes(vet)

/**
 * Returns the choice without what does not go together: a service for another species or that only the clinic books, a
 * vet who does not do the service. An address may say such a thing, and a link for one vet does once a service is chosen.
 */
export function fitting(choice: Choice, services: readonly Service[], species: string | undefined): Choice {
  const service = services.find(({ id }) => id === choice.service)
  if (service === undefined || choice.booked !== undefined) return choice
  if (service.booking === 'desk' || !isFor(service, species)) {
    return without(choice, 'service', 'time', 'with', 'key')
  }
  if (choice.vet === undefined || choice.vet === ANY_VET || isDoneBy(service, choice.vet)) return choice
  return without(choice, 'vet', 'time', 'with', 'key')
}

/** Chooses one of the user's pets. Another pet is another intent, hence another key. */
export function withPet(choice: Choice, pet: string): Choice {
  const next = { ...without(choice, 'petName', 'petSpecies', 'booked'), pet }
  return onward(next.key === undefined ? next : { ...next, key: newKey() })
}

/** Describes a new pet, which is created when the booking is confirmed, since the user is not signed in yet. */
export function withNewPet(choice: Choice, petName: string, petSpecies: string): Choice {
  const next = { ...without(choice, 'pet', 'booked'), petName, petSpecies }
  return onward(next.key === undefined ? next : { ...next, key: newKey() })
}

/** Keeps a visitor's pet while it is being typed; it is not an answer yet. */
export function withPetDraft(choice: Choice, petName: string, petSpecies: string): Choice {
  const now = without(choice, 'pet', 'petName', 'petSpecies')
  return { ...now, ...(petName === '' ? {} : { petName }), petSpecies, step: 'pet' }
}

/** Chooses a service. Times fit one service only, so a time chosen for another is dropped. */
export function withService(choice: Choice, service: string): Choice {
  if (choice.service === service) return onward(choice)
  return onward({ ...without(choice, 'time', 'with', 'key', 'day', 'booked'), service })
}

/** Chooses a vet or "any". A time with another vet is dropped. */
export function withVet(choice: Choice, vet: string): Choice {
  if (choice.vet === vet) return onward(choice)
  return onward({ ...without(choice, 'time', 'with', 'key', 'day', 'booked'), vet })
}

/** Chooses a free time, which fixes the vet and completes the intent: it gets its idempotency key here. */
export function withSlot(choice: Choice, slot: Slot): Choice {
  const isSame = choice.time === slot.startTime && choice.with === slot.vetId && choice.key !== undefined
  return {
    ...without(choice, 'booked'),
    time: slot.startTime,
    with: slot.vetId,
    key: isSame && choice.key !== undefined ? choice.key : newKey(),
    step: 'confirm',
  }
}

/** Returns the choice to start another booking for the same pet. */
export function another(choice: Choice): Choice {
  return choice.pet === undefined ? {} : { pet: choice.pet }
}
