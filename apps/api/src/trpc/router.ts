import { accountRouter } from './routers/account.ts'
import { appointmentsRouter } from './routers/appointments.ts'
import { clientsRouter } from './routers/clients.ts'
import { clinicRouter } from './routers/clinic.ts'
import { inventoryRouter } from './routers/inventory.ts'
import { liveRouter } from './routers/live.ts'
import { petsRouter } from './routers/pets.ts'
import { sessionRouter } from './routers/session.ts'
import { settingsRouter } from './routers/settings.ts'
import { slotsRouter } from './routers/slots.ts'
import { storeRouter } from './routers/store.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  account: accountRouter,
  appointments: appointmentsRouter,
  clients: clientsRouter,
  clinic: clinicRouter,
  live: liveRouter,
  inventory: inventoryRouter,
  pets: petsRouter,
  session: sessionRouter,
  settings: settingsRouter,
  slots: slotsRouter,
  store: storeRouter,
})

/** The type of all procedures, which is the only thing that the apps import from the API. */
export type AppRouter = typeof appRouter
