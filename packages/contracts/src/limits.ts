/**
 * Bounds that the database keeps and forms know, each in one place. Without zod, so that pages do not load it. A test
 * compares them with the database's checks (packages/db/test/limits.test.ts).
 *
 * PostgreSQL counts characters. JavaScript counts some of them twice, so a text that passes here always fits there.
 */
export const limits = {
  /** Lengths of texts, in characters. */
  clinicName: 200,
  personName: 200,
  email: 320,
  phone: { min: 3, max: 40 },
  petName: 100,
  species: 50,
  serviceName: 200,
  productName: 200,
  productDescription: 5000,
  productCategory: 60,
  inviteLabel: 200,
  /** Why an appointment was booked or cancelled. */
  appointmentReason: 2000,
  appointmentNotes: 10_000,
  timeOffReason: 500,
  closureName: 200,
  serviceCategory: 100,
  servicePreparation: 2000,
  serviceSpecies: 20,

  /** Minutes. */
  serviceDuration: { min: 5, max: 480 },
  serviceBuffer: { min: 0, max: 240 },
  changeNotice: { min: 0, max: 43_200 },
  bookLead: { min: 0, max: 43_200 },
  grace: { min: 0, max: 1440 },
  slotStep: { min: 5, max: 120 },

  /** How far ahead owners book, in days, and how many appointments they may have open. */
  bookHorizon: { min: 1, max: 3660 },
  openAppointments: { min: 1, max: 1000 },

  /** Days that one search for slots may cover, and starts of a vet's whole days: all 62 in steps of a quarter of an hour. */
  slotSearchDays: 62,
  slotSearchStarts: 62 * 96,
  /** The quantity of a cart's line, and the lines of a cart that a device carries over. */
  cartQuantity: 99,
  cartLines: 200,

  /** Visits that a client's page lists each way. */
  clientVisits: 50,

  /** Bounds that the API alone keeps: what a search box takes, a password, the stock of a product, the calls of a batch. */
  searchText: 100,
  password: { min: 8, max: 128 },
  stock: 1_000_000,
  batchCalls: 10,
} as const
