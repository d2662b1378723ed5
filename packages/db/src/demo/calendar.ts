import { chances, demoId, pick } from './ids.ts'
import type { DemoClinic, DemoVet } from './types.ts'

/** The clinic's wall clock: its date in days since 1970, and the minutes since midnight. */
export type ClinicNow = { day: number; minute: number }

export type DemoPet = { id: string; ownerId: string }

/** A stretch of one day on the clinic's wall clock, in minutes since midnight. */
type Span = { from: number; to: number }

export type DemoAppointment = {
  id: string
  petId: string
  ownerId: string
  vetId: string
  serviceIndex: number
  /** days since 1970 and minutes since midnight, on the clinic's wall clock */
  day: number
  startMinute: number
  minutes: number
  bufferMinutes: number
  status: 'scheduled' | 'confirmed' | 'checked_in' | 'in_progress' | 'completed' | 'cancelled' | 'no_show'
  reason: string | null
  cancellationReason: string | null
  /** how many days before its day it was booked */
  bookedDaysBefore: number
}

/** A day on which a vet is away, as the number of days from today. */
export type DemoTimeOff = { vetIndex: number; fromDay: number; days: number }

/** The third vet has a day off soon, the fourth a week at the end of what is shown. */
export const demoTimeOff: readonly DemoTimeOff[] = [
  { vetIndex: 2, fromDay: 4, days: 1 },
  { vetIndex: 3, fromDay: 8, days: 7 },
]

const daysBefore = 10
const daysAfter = 10

/** Returns the id of a clinic's vet, which is that of their account if they have one. */
export function vetId(vet: DemoVet): string {
  return demoId(`user ${vet.email}`)
}

/**
 * Returns three weeks of appointments around today, for every vet and within their hours. None overlaps another or its
 * buffer, and no pet comes twice on a day. Each pet in `firstPets` has a coming and a past appointment. The same clinic
 * and clock give the same appointments.
 */
export function demoCalendar(
  clinic: DemoClinic,
  pets: readonly DemoPet[],
  firstPets: readonly DemoPet[],
  now: ClinicNow,
): DemoAppointment[] {
  const chance = chances(clinic.id.length * 7919 + now.day)
  const appointments: DemoAppointment[] = []
  const owed = { past: [...firstPets], future: [...firstPets] }
  for (let offset = -daysBefore; offset <= daysAfter; offset += 1) {
    const day = now.day + offset
    const seen = new Set<string>()
    for (const [vetIndex, vet] of clinic.vets.entries()) {
      if (isAway(vetIndex, offset)) continue
      for (const span of spansOn(vet, day)) {
        let minute = span.from
        while (minute < span.to) {
          const serviceIndex = Math.floor(chance() * clinic.services.length)
          const [, minutes, bufferMinutes] = clinic.services[serviceIndex] ?? ['', 30, 0]
          if (minute + minutes + bufferMinutes > span.to) break
          if (chance() > fullness(offset)) {
            minute += 15 + 15 * Math.floor(chance() * 4)
            continue
          }
          const due = offset < 0 ? owed.past : offset > 0 ? owed.future : []
          const pet = due.find((candidate) => !seen.has(candidate.id)) ?? free(pets, seen, chance)
          if (!pet) break
          if (due.includes(pet)) due.splice(due.indexOf(pet), 1)
          seen.add(pet.id)
          const status = statusAt({ offset, start: minute, end: minute + minutes, now: now.minute }, chance)
          appointments.push({
            id: demoId(`${clinic.id} appointment ${offset} ${vetIndex} ${minute}`),
            petId: pet.id,
            ownerId: pet.ownerId,
            vetId: vetId(vet),
            serviceIndex,
            day,
            startMinute: minute,
            minutes,
            bufferMinutes,
            status,
            reason: chance() < 0.6 ? pick(clinic.reasons, chance) : null,
            cancellationReason: status === 'cancelled' ? pick(clinic.cancellations, chance) : null,
            bookedDaysBefore: Math.max(1 + Math.floor(chance() * 9), offset + 1),
          })
          minute = nextQuarter(minute + minutes + bufferMinutes)
        }
      }
    }
  }
  return appointments
}

/** Returns `HH:MM` as minutes since midnight. */
function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':')
  return Number(hours) * 60 + Number(minutes)
}

function spansOn(vet: DemoVet, day: number): Span[] {
  // 1970-01-01 was a Thursday, ISO weekday 4
  const weekday = ((day + 3) % 7) + 1
  return vet.hours
    .filter((hours) => hours.weekdays.includes(weekday))
    .flatMap((hours) =>
      hours.spans.map(([opens, closes]) => ({ from: minutesOf(opens), to: minutesOf(closes) })),
    )
}

function isAway(vetIndex: number, offset: number): boolean {
  return demoTimeOff.some(
    (off) => off.vetIndex === vetIndex && offset >= off.fromDay && offset < off.fromDay + off.days,
  )
}

/** Returns the share of the starts that are booked: the past was busy, the far future has room. */
function fullness(offset: number): number {
  if (offset <= 0) return 0.75
  return Math.max(0.2, 0.6 - offset * 0.05)
}

function free(
  pets: readonly DemoPet[],
  seen: ReadonlySet<string>,
  chance: () => number,
): DemoPet | undefined {
  const candidates = pets.filter((pet) => !seen.has(pet.id))
  return candidates.length > 0 ? pick(candidates, chance) : undefined
}

function statusAt(
  when: { offset: number; start: number; end: number; now: number },
  chance: () => number,
): DemoAppointment['status'] {
  const luck = chance()
  const over = when.offset < 0 || (when.offset === 0 && when.end <= when.now)
  if (over) return luck < 0.82 ? 'completed' : luck < 0.9 ? 'no_show' : 'cancelled'
  if (when.offset === 0 && when.start <= when.now) return 'in_progress'
  if (when.offset === 0 && when.start <= when.now + 20) return 'checked_in'
  return luck < 0.08 ? 'cancelled' : luck < 0.5 ? 'confirmed' : 'scheduled'
}

function nextQuarter(minute: number): number {
  return Math.ceil(minute / 15) * 15
}
