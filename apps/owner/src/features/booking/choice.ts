import type { Slot } from '@vetcita/contracts'
import { limits } from '@vetcita/contracts/limits'
import { uuidPattern } from '@vetcita/contracts/patterns'
import { newKey } from '@vetcita/ui/api/request-key'

/** The steps of a booking in their order; `done` is the page after success. */
export const steps = ['pet', 'service', 'vet', 'time', 'confirm'] as const

export type Step = (typeof steps)[number]

/** "Any vet": a wish, until a time is tapped and makes it a certain one. */
export const ANY_VET = 'any'

/**
 * A visitor's choice so far, kept in the URL: a reload, the back button or signing in loses nothing.
 * `pet` is an id; before signing in `petName` and `petSpecies` stand for it. `vet` is an id or "any".
 * `time` is the instant, `with` its certain vet and `at` its clinic wall time `YYYY-MM-DDTHH:MM` as the server wrote it.
 * `key` is the idempotency key of exactly this choice, `reason` what the clinic should know. `week` and `day` say what
 * the picker shows. `booked` is the appointment once there is one.
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
  at?: string
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
  at: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/,
  key: /^[\w.:-]{8,100}$/,
  reason: text(limits.appointmentReason),
  booked: uuidPattern,
}

const isStep = (value: unknown): value is Step => steps.some((step) => step === value)

/** The choice in a URL's search; whatever is not valid is as if it had not been chosen. */
export function parseChoice(search: Record<string, unknown>): Choice {
  const choice: Choice = isStep(search.step) ? { step: search.step } : {}
  for (const [name, pattern] of Object.entries(VALID)) {
    // A pet called 007 is read from the URL as a number.
    const value = typeof search[name] === 'number' ? String(search[name]) : search[name]
    if (typeof value === 'string' && pattern.test(value)) Object.assign(choice, { [name]: value })
  }
  return choice
}

const isMade: Record<Step, (choice: Choice) => boolean> = {
  pet: (choice) => choice.pet !== undefined || choice.petName !== undefined,
  service: (choice) => choice.service !== undefined,
  vet: (choice) => choice.vet !== undefined,
  time: (choice) =>
    choice.time !== undefined &&
    choice.with !== undefined &&
    choice.at !== undefined &&
    choice.key !== undefined,
  confirm: () => false,
}

/** The first step whose answer is missing, `confirm` when none is. */
export function nextStep(choice: Choice): Step {
  return steps.find((step) => !isMade[step](choice)) ?? 'confirm'
}

/** The step to show: the one asked for, unless one before it has no answer yet. */
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

/** A pet of the person's own. Another pet is another intent, hence another key. */
export function withPet(choice: Choice, pet: string): Choice {
  const next = { ...without(choice, 'petName', 'petSpecies', 'booked'), pet }
  return onward(next.key === undefined ? next : { ...next, key: newKey() })
}

/** A pet that is made when the booking is confirmed, because nobody is signed in yet. */
export function withNewPet(choice: Choice, petName: string, petSpecies: string): Choice {
  const next = { ...without(choice, 'pet', 'booked'), petName, petSpecies }
  return onward(next.key === undefined ? next : { ...next, key: newKey() })
}

/** A visitor's pet while it is being typed: kept, and not yet an answer to go on from. */
export function withPetDraft(choice: Choice, petName: string, petSpecies: string): Choice {
  const now = without(choice, 'pet', 'petName', 'petSpecies')
  return { ...now, ...(petName === '' ? {} : { petName }), petSpecies, step: 'pet' }
}

/** A service; times fit one service only, so a time chosen for another is dropped. */
export function withService(choice: Choice, service: string): Choice {
  if (choice.service === service) return onward(choice)
  return onward({ ...without(choice, 'time', 'with', 'at', 'key', 'day', 'booked'), service })
}

/** A vet or "any"; a time with somebody else is dropped. */
export function withVet(choice: Choice, vet: string): Choice {
  if (choice.vet === vet) return onward(choice)
  return onward({ ...without(choice, 'time', 'with', 'at', 'key', 'day', 'booked'), vet })
}

/** A free time, which makes the vet certain and the intent complete: it gets its idempotency key here. */
export function withSlot(choice: Choice, slot: Slot): Choice {
  const isSame = choice.time === slot.startTime && choice.with === slot.vetId && choice.key !== undefined
  return {
    ...without(choice, 'booked'),
    time: slot.startTime,
    with: slot.vetId,
    at: `${slot.localDate}T${slot.localTime}`,
    key: isSame && choice.key !== undefined ? choice.key : newKey(),
    step: 'confirm',
  }
}

/** A choice for another booking of the same pet. */
export function another(choice: Choice): Choice {
  return choice.pet === undefined ? {} : { pet: choice.pet }
}
