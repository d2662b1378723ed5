import type { Slot } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import {
  ANY_VET,
  another,
  type Choice,
  nextStep,
  parseChoice,
  stepOf,
  withNewPet,
  withPet,
  withPetDraft,
  withService,
  withSlot,
  withVet,
} from '../src/features/booking/choice.ts'
import { parseBack } from '../src/session/back.ts'

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const slot = (vet: number, local: string): Slot => ({
  vetId: id(vet),
  startTime: `${local}:00-03:00`,
})

const complete = withSlot(
  withVet(withService(withNewPet({}, 'Milo', 'cat'), id(1)), ANY_VET),
  slot(2, '2026-12-01T09:00'),
)

describe('the choice survives in the URL', () => {
  test('a choice is read back unchanged', () => {
    expect(parseChoice({ ...complete })).toEqual(complete)
  })

  test('invalid values in the URL are ignored', () => {
    const search = {
      ...complete,
      service: "'; drop table",
      vet: 'somebody',
      time: 'tomorrow',
      step: 'pay',
      extra: '1',
    }
    const { service: _, vet: __, time: ___, step: ____, ...rest } = complete
    expect(parseChoice(search)).toEqual(rest)
  })

  test('a pet being typed is kept without advancing', () => {
    const typed = withPetDraft({ service: id(1) }, 'Mil', 'cat')
    expect(stepOf(parseChoice({ ...typed }))).toBe('pet')
    expect(typed).toMatchObject({ petName: 'Mil', petSpecies: 'cat', service: id(1) })
    expect(withPetDraft(typed, '', 'cat')).not.toHaveProperty('petName')
  })

  test('a pet called 007 keeps its name', () => {
    expect(parseChoice({ petName: 7 }).petName).toBe('7')
  })
})

describe('the steps come in order', () => {
  test('a service from a link is not asked for again', () => {
    expect(nextStep({})).toBe('pet')
    expect(withPet({ service: id(1) }, id(3)).step).toBe('vet')
    expect(nextStep(complete)).toBe('confirm')
  })

  test('going back is always possible, going ahead only with the answers in between', () => {
    expect(stepOf({ ...complete, step: 'service' })).toBe('service')
    expect(stepOf({ pet: id(3), step: 'confirm' })).toBe('service')
  })
})

describe('one idempotency key per intent', () => {
  test('choosing a time makes "any" a certain vet and creates the key', () => {
    expect(complete.with).toBe(id(2))
    expect(complete.vet).toBe(ANY_VET)
    expect(complete.key).toMatch(/^[0-9a-f]{32}$/)
  })

  test('choosing the same time again is the same intent', () => {
    expect(withSlot(complete, slot(2, '2026-12-01T09:00')).key).toBe(complete.key)
  })

  test.each<[string, (choice: Choice) => Choice]>([
    ['another time', (choice) => withSlot(choice, slot(2, '2026-12-01T09:15'))],
    ['another vet at that time', (choice) => withSlot(choice, slot(4, '2026-12-01T09:00'))],
    ['another pet', (choice) => withPet(choice, id(5))],
    ['another service', (choice) => withService(choice, id(6))],
    ['a certain vet', (choice) => withVet(choice, id(4))],
  ])('%s is another intent', (_, change) => {
    expect(change(complete).key).not.toBe(complete.key)
  })

  test('a new service or vet drops the time', () => {
    for (const changed of [withService(complete, id(6)), withVet(complete, id(4))]) {
      expect(changed).not.toHaveProperty('time')
      expect(changed.step).toBe('time')
    }
  })

  test('another booking keeps the pet and nothing else', () => {
    expect(another({ ...complete, pet: id(3), booked: id(9) })).toEqual({ pet: id(3) })
  })
})

describe('signing in never leads to another site', () => {
  test('only paths of this app are accepted', () => {
    expect(parseBack({ back: '/adris/book?pet=1' })).toEqual({ back: '/adris/book?pet=1' })
    for (const back of ['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)', 7]) {
      expect(parseBack({ back })).toEqual({})
    }
  })
})
