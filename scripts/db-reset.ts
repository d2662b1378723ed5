import { dropLocalServer, localDataDir } from '@vetcita/postgres'

/** `pnpm db:reset`: stops this clone's embedded PostgreSQL and deletes its data. */
await dropLocalServer()
console.log(`Dropped the embedded database in ${localDataDir}. "pnpm start" makes a new one.`)
