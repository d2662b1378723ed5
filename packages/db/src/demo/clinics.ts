import { adrisServices, adrisShelves } from './catalogue-adris.ts'
import { hudsonServices, hudsonShelves } from './catalogue-hudson.ts'
import type { DemoClinicId } from './sign-ins.ts'

/** What a service is called, how long it takes, how long the room is busy after it (minutes), and its price. */
export type DemoService = readonly [name: string, minutes: number, bufferMinutes: number, price: number]

/** A product's name, description, price and stock. */
export type DemoProduct = readonly [name: string, description: string, price: number, stock: number]

/** A category of the store and what stands there. */
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

const workdays = [1, 2, 3, 4, 5]
const early: DemoHours = {
  weekdays: workdays,
  spans: [
    ['08:00', '12:00'],
    ['13:00', '17:00'],
  ],
}
const late: DemoHours = {
  weekdays: workdays,
  spans: [
    ['10:00', '13:30'],
    ['14:30', '19:00'],
  ],
}
const threeDays: DemoHours = {
  weekdays: [1, 3, 5],
  spans: [
    ['08:30', '12:30'],
    ['13:30', '18:00'],
  ],
}
const mornings: DemoHours = {
  weekdays: workdays,
  spans: [
    ['07:30', '11:00'],
    ['11:30', '14:00'],
  ],
}
const saturday: DemoHours = { weekdays: [6], spans: [['08:00', '12:30']] }
const weekend: DemoHours = {
  weekdays: [6, 7],
  spans: [
    ['09:00', '12:00'],
    ['13:00', '16:00'],
  ],
}
const midweek: DemoHours = {
  weekdays: [2, 3, 4],
  spans: [
    ['09:00', '12:30'],
    ['13:30', '17:30'],
  ],
}

/** The demo's two clinics: one where the clocks never change, one where they change twice a year. */
export const demoClinics: readonly DemoClinic[] = [
  {
    id: 'adris',
    name: 'Clínica Veterinaria Adris',
    timezone: 'America/Asuncion',
    currency: 'PYG',
    locale: 'es-PY',
    changeNoticeMinutes: 120,
    vets: [
      { email: 'sofia@demo.vetcita.test', name: 'Dra. Sofía Rolón', hours: [early, saturday] },
      { email: 'hugo@adris.test', name: 'Dr. Hugo Villalba', hours: [late] },
      { email: 'carmen@adris.test', name: 'Dra. Carmen Ayala', hours: [threeDays] },
      { email: 'diego@adris.test', name: 'Dr. Diego Insfrán', hours: [mornings] },
      { email: 'paola@adris.test', name: 'Dra. Paola Ferreira', hours: [midweek, weekend] },
    ],
    services: adrisServices,
    shelves: adrisShelves,
    firstNames: [
      'María',
      'José',
      'Rosa',
      'Juan',
      'Liz',
      'Carlos',
      'Gloria',
      'Víctor',
      'Nidia',
      'Óscar',
      'Fátima',
      'Derlis',
      'Norma',
      'Aldo',
      'Zunilda',
      'Fredy',
      'Mirta',
      'Julio',
      'Blanca',
      'Ramón',
    ],
    lastNames: [
      'González',
      'Benítez',
      'Martínez',
      'López',
      'Giménez',
      'Vera',
      'Duarte',
      'Ramírez',
      'Villalba',
      'Acosta',
      'Ñamandú',
      'Cáceres',
      'Ortiz',
      'Báez',
      'Franco',
      'Núñez',
      'Sosa',
      'Galeano',
      'Riveros',
      'Cabrera',
    ],
    petNames: [
      'Luna',
      'Rocky',
      'Mandi',
      'Toby',
      'Canela',
      'Max',
      'Nala',
      'Simón',
      'Kira',
      'Coco',
      'Bruno',
      'Pelusa',
      'Thor',
      'Mía',
      'Chispita',
      'Lola',
      'Ñeca',
      'Zeus',
      'Greta',
      'Pancho',
    ],
    phonePrefix: '+595 98',
    reasons: [
      'Control anual',
      'Se rasca mucho la oreja',
      'No quiere comer desde ayer',
      'Cojea de la pata izquierda',
      'Refuerzo de vacuna',
      'Control después de la cirugía',
      'Tiene tos',
      'Corte de uñas y revisión',
    ],
    cancellations: ['No puede asistir', 'La mascota ya está bien', 'Cambio de planes'],
  },
  {
    id: 'hudson',
    name: 'Hudson Valley Animal Clinic',
    timezone: 'America/New_York',
    currency: 'USD',
    locale: 'en-US',
    changeNoticeMinutes: 240,
    vets: [
      { email: 'daniel@demo.vetcita.test', name: 'Dr. Daniel Brooks', hours: [early, saturday] },
      { email: 'grace@hudson.test', name: 'Dr. Grace Kim', hours: [late] },
      { email: 'owen@hudson.test', name: 'Dr. Owen Murphy', hours: [threeDays] },
      { email: 'priya@hudson.test', name: 'Dr. Priya Shah', hours: [mornings] },
      { email: 'rachel@hudson.test', name: 'Dr. Rachel Stein', hours: [midweek, weekend] },
    ],
    services: hudsonServices,
    shelves: hudsonShelves,
    firstNames: [
      'James',
      'Olivia',
      'Robert',
      'Emma',
      'Michael',
      'Sophia',
      'David',
      'Isabella',
      'Kevin',
      'Megan',
      'Brian',
      'Laura',
      'Steven',
      'Nicole',
      'Andrew',
      'Hannah',
      'Peter',
      'Julia',
      'Thomas',
      'Diane',
    ],
    lastNames: [
      'Miller',
      'Johnson',
      'Davis',
      'O’Brien',
      'Wilson',
      'Anderson',
      'Nguyen',
      'Rossi',
      'Schmidt',
      'Clark',
      'Lewis',
      'Walker',
      'Hall',
      'Young',
      'King',
      'Wright',
      'Hill',
      'Green',
      'Baker',
      'Rivera',
    ],
    petNames: [
      'Bella',
      'Charlie',
      'Daisy',
      'Cooper',
      'Milo',
      'Lucy',
      'Oliver',
      'Sadie',
      'Leo',
      'Molly',
      'Finn',
      'Ruby',
      'Jasper',
      'Penny',
      'Oscar',
      'Willow',
      'Gus',
      'Hazel',
      'Scout',
      'Pepper',
    ],
    phonePrefix: '+1 518 555 01',
    reasons: [
      'Annual checkup',
      'Scratching at one ear',
      'Not eating since yesterday',
      'Limping on the left hind leg',
      'Booster shot',
      'Recheck after surgery',
      'Coughing at night',
      'Nail trim and a look-over',
    ],
    cancellations: ['Cannot make it', 'Pet is feeling better', 'Change of plans'],
  },
]
