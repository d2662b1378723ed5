import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { isStaff, membershipOf } from './membership-model.ts'
import { noVet, type Operation, services } from './operations.ts'
import type { Appointment, Booking, Call, Prediction, State } from './state.ts'

type CallOf<Kind extends Operation['kind']> = Extract<Call, { kind: Kind }>

const missingId = '00000000-0000-4000-8000-000000000000'

/** Resolves an operation's numbers to ids that exist; if there are none, to an id that does not. */
export function aim(state: State, operation: Operation): Call {
  const nth = (ids: readonly string[], n: number) => ids[n % Math.max(1, ids.length)] ?? missingId
  const appointments = [...state.appointments.keys()]
  const target =
    'appointment' in operation && operation.appointment !== null
      ? nth(appointments, operation.appointment)
      : operation.kind === 'endTimeOff'
        ? nth([...state.timeOff.keys()], operation.timeOff)
        : operation.kind === 'takeTimeOff'
          ? randomUUID()
          : missingId
  const known = state.appointments.get(target)?.version ?? 1
  const version = 'version' in operation ? operation.version : 'any'
  const expectedVersion = version === 'any' ? null : version === 'current' ? known : known - 1
  return { ...repeated(state, operation), target, expectedVersion }
}

function repeated(state: State, operation: Operation): Operation {
  if (operation.kind !== 'book' || operation.again === null || state.keys.size === 0) return operation
  const earlier = [...state.keys.values()][operation.again % state.keys.size]
  return { ...operation, ...earlier?.request }
}

/** Predicts `book_appointment_atomic`: the order of refusals, and the meaning of a key. */
export function predictBooking(state: State, call: CallOf<'book'>, newId: string): Prediction {
  const key = call.key === null ? null : `${call.actor} ${call.key}`
  const request: Booking = {
    actor: call.actor,
    pet: call.pet,
    service: call.service,
    vet: call.vet,
    start: call.start,
    minutes: call.minutes,
    key: call.key,
  }
  const used = key === null ? undefined : state.keys.get(key)
  if (used !== undefined) {
    const booked = state.appointments.get(used.id)
    if (!isDeepStrictEqual(used.request, request) || booked === undefined)
      return { answer: 'IDEMPOTENCY_KEY_REUSED', state }
    return { answer: `${bookedAs(used.id, booked)} replayed`, state }
  }
  const asStaff = isStaff(state, call.actor)
  const service = services[call.service] ?? services[0]
  const end = call.start + (call.minutes ?? service.minutes)
  const busyUntil = end + service.buffer
  const refusal =
    !asStaff && call.pet !== call.actor
      ? 'PET_NOT_FOUND'
      : !asStaff && call.minutes !== null && call.minutes !== service.minutes
        ? 'INVALID_DURATION'
        : call.start < 0
          ? 'INVALID_TIME'
          : slotRefusal(state, { pet: call.pet, vet: call.vet, start: call.start, end, busyUntil }, asStaff)
  if (refusal !== undefined) return { answer: refusal, state }
  const made: Appointment = {
    pet: call.pet,
    vet: call.vet,
    start: call.start,
    end,
    busyUntil,
    status: 'scheduled',
    version: 1,
  }
  return {
    answer: bookedAs(newId, made),
    state: {
      ...state,
      appointments: new Map(state.appointments).set(newId, made),
      keys: key === null ? state.keys : new Map(state.keys).set(key, { request, id: newId }),
    },
  }
}

/** Predicts `reschedule_appointment_atomic`. */
export function predictMove(state: State, call: CallOf<'move'>): Prediction {
  const found = state.appointments.get(call.target)
  const membership = membershipOf(state, call, found)
  if (found === undefined || !mayAct(membership)) return { answer: membership, state }
  const vet = call.vet ?? found.vet
  if (found.start === call.start && found.vet === vet)
    return { answer: `${movedTo(call.target, found)} replayed`, state }
  const end = call.start + found.end - found.start
  const busyUntil = end + found.busyUntil - found.end
  const refusal = !['scheduled', 'confirmed'].includes(found.status)
    ? 'INVALID_STATUS'
    : call.expectedVersion !== null && call.expectedVersion !== found.version
      ? 'STALE_VERSION'
      : call.start < 0
        ? 'INVALID_TIME'
        : isTooLate(state, membership)
          ? 'TOO_LATE'
          : slotRefusal(
              state,
              { pet: found.pet, vet, start: call.start, end, busyUntil },
              membership === 'staff',
              call.target,
            )
  if (refusal !== undefined) return { answer: refusal, state }
  const moved: Appointment = {
    ...found,
    vet,
    start: call.start,
    end,
    busyUntil,
    status:
      found.status === 'confirmed' && (membership === 'owner' || call.start !== found.start)
        ? 'scheduled'
        : found.status,
    version: found.version + 1,
  }
  return { answer: movedTo(call.target, moved), state: withAppointment(state, call.target, moved) }
}

const transitions: Readonly<Record<string, readonly string[]>> = {
  scheduled: ['confirmed', 'checked_in', 'cancelled', 'no_show'],
  confirmed: ['checked_in', 'cancelled', 'no_show'],
}

/**
 * Predicts `change_appointment_status_atomic`. All appointments are on a later day, so nobody comes and nobody is missed; a
 * walk takes less than a day, so what was cancelled can be taken back.
 */
export function predictStatus(state: State, call: CallOf<'status'>): Prediction {
  const found = state.appointments.get(call.target)
  const membership = membershipOf(state, call, found)
  if (found === undefined || !mayAct(membership)) return { answer: membership, state }
  if (found.status === call.status)
    return { answer: `${changed(call.target, found.status, found)} replayed`, state }
  const allowed = transitions[found.status] ?? []
  const isBack = membership === 'staff' && found.cancelledFrom === call.status
  if ((!allowed.includes(call.status) && !isBack) || (membership === 'owner' && call.status !== 'cancelled'))
    return { answer: 'INVALID_TRANSITION', state }
  if (call.expectedVersion !== null && call.expectedVersion !== found.version)
    return { answer: 'STALE_VERSION', state }
  if (['checked_in', 'no_show'].includes(call.status)) return { answer: 'TOO_EARLY', state }
  if (isTooLate(state, membership)) return { answer: 'TOO_LATE', state }
  if (isBack) {
    const { pet, vet, start, end, busyUntil } = found
    const refusal = isAway(state, vet, start, busyUntil)
      ? 'VET_AWAY'
      : isPetBusy(state, pet, start, end, call.target)
        ? 'PET_BUSY'
        : isTaken(state, vet, start, busyUntil, call.target)
          ? 'SLOT_UNAVAILABLE'
          : undefined
    if (refusal !== undefined) return { answer: refusal, state }
  }
  const { cancelledFrom: _, ...kept } = found
  const after = {
    ...kept,
    status: call.status,
    version: found.version + 1,
    ...(call.status === 'cancelled' ? { cancelledFrom: found.status } : {}),
  }
  return {
    answer: changed(call.target, found.status, after),
    state: withAppointment(state, call.target, after),
  }
}

/** Whether it is too late for a pet owner: the notice is either none, or longer than any appointment is ahead. */
export function isTooLate(state: State, membership: string): boolean {
  return membership === 'owner' && state.notice > 0
}

function mayAct(membership: string): boolean {
  return membership === 'staff' || membership === 'owner'
}

function withAppointment(state: State, id: string, appointment: Appointment): State {
  return { ...state, appointments: new Map(state.appointments).set(id, appointment) }
}

function slotRefusal(
  state: State,
  { pet, vet, start, end, busyUntil }: Pick<Appointment, 'pet' | 'vet' | 'start' | 'end' | 'busyUntil'>,
  asStaff: boolean,
  except?: string,
): string | undefined {
  if (vet === noVet) return 'VET_NOT_FOUND'
  // as soon as anybody keeps hours, a vet without any is closed to owners
  if (!asStaff && state.hours.size > 0 && !isOpen(state, vet, start, end)) return 'OUTSIDE_HOURS'
  if (isAway(state, vet, start, busyUntil)) return 'VET_AWAY'
  if (isPetBusy(state, pet, start, end, except)) return 'PET_BUSY'
  return isTaken(state, vet, start, busyUntil, except) ? 'SLOT_UNAVAILABLE' : undefined
}

/** Whether the pet has another appointment then; the buffers are the vets'. */
export function isPetBusy(
  state: State,
  pet: number,
  start: number,
  end: number,
  except: string | undefined,
): boolean {
  return [...state.appointments].some(
    ([id, other]) =>
      id !== except &&
      other.pet === pet &&
      other.status !== 'cancelled' &&
      other.start < end &&
      other.end > start,
  )
}

export function isOpen(state: State, vet: number, start: number, end: number): boolean {
  const day = Math.floor(start / 1440)
  const hours = state.hours.get(`${vet} ${day}`)
  return hours !== undefined && day * 1440 + hours[0] <= start && end <= day * 1440 + hours[1]
}

export function isAway(state: State, vet: number, start: number, busyUntil: number): boolean {
  return [...state.timeOff.values()].some(
    (away) => away.vet === vet && away.start < busyUntil && away.end > start,
  )
}

export function isTaken(
  state: State,
  vet: number,
  start: number,
  busyUntil: number,
  except: string | undefined,
): boolean {
  return [...state.appointments].some(
    ([id, other]) =>
      id !== except &&
      other.vet === vet &&
      other.status !== 'cancelled' &&
      other.start < busyUntil &&
      other.busyUntil > start,
  )
}

export function bookedAs(id: string, { start, end, status, version }: Appointment): string {
  return `booked ${id} ${start}-${end} ${status} v${version}`
}

export function movedTo(id: string, { start, end, vet, status, version }: Appointment): string {
  return `moved ${id} ${start}-${end} vet ${vet} ${status} v${version}`
}

export function changed(id: string, before: string, { status, version }: Appointment): string {
  return `changed ${id} ${before} to ${status} v${version}`
}
