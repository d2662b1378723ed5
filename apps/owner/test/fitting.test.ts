import type { Service } from '@vetcita/contracts'
import { expect, test } from 'vitest'
import { byCategory } from '../src/appointment/by-category.ts'
import {
  ANY_VET,
  fitting,
  stepOf,
  withNewPet,
  withService,
  withSlot,
  withVet,
} from '../src/features/booking/choice.ts'

const id = (n: number) => `00000000-0000-4000-8000-00000000000${n}`
const service = (n: number, more: Partial<Service> = {}): Service => ({
  id: id(n),
  name: `Servicio ${n}`,
  durationMinutes: 30,
  price: 1,
  booking: 'online',
  category: null,
  preparation: null,
  species: null,
  vetIds: [],
  ...more,
})
const services = [
  service(1, { vetIds: [id(8)], category: 'Cirugía' }),
  service(2, { species: ['dog'], category: 'Estética' }),
  service(3, { booking: 'desk', category: 'Cirugía' }),
]
const slot = { vetId: id(9), startTime: '2026-12-01T09:00:00-03:00' }
const chosen = (n: number, vet: string) =>
  withSlot(withVet(withService(withNewPet({}, 'Milo', 'cat'), id(n)), vet), slot)

test('a vet who does not do the service is asked for again, and one who does is kept', () => {
  expect(stepOf(fitting(chosen(1, id(9)), services, 'cat'))).toBe('vet')
  for (const vet of [id(8), ANY_VET]) expect(fitting(chosen(1, vet), services, 'cat').vet).toBe(vet)
})

test('a service for another species, or that only the clinic books, is asked for again', () => {
  expect(stepOf(fitting(chosen(2, ANY_VET), services, 'cat'))).toBe('service')
  expect(stepOf(fitting(chosen(3, ANY_VET), services, 'cat'))).toBe('service')
  expect(stepOf(fitting(chosen(2, ANY_VET), services, 'dog'))).toBe('confirm')
  // a species that has not loaded yet decides nothing
  expect(stepOf(fitting(chosen(2, ANY_VET), services, undefined))).toBe('confirm')
})

test('what is booked is shown as it is', () => {
  const booked = { ...chosen(1, id(9)), booked: id(7) }
  expect(fitting(booked, services, 'cat')).toBe(booked)
})

test('services are grouped by category, in the clinic’s order', () => {
  expect(byCategory(services).map(({ category, services: those }) => [category, those.length])).toEqual([
    ['Cirugía', 2],
    ['Estética', 1],
  ])
})
