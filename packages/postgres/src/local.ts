import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from './repository.ts'
import { dropServer, type Server, startServer } from './server.ts'

/** The folder of this clone's embedded server; git ignores it. */
export const localDataDir = path.join(repositoryRoot, '.vetcita/postgres')

/** The server that `pnpm start` and `pnpm dev` use: your own, or the embedded one. */
export type LocalServer =
  | { embedded: true; server: Server; stop(): Promise<void> }
  | { embedded: false; databaseUrl: string; directUrl: string; stop(): Promise<void> }

/** Returns the server that DATABASE_URL names, if set; otherwise starts this clone's embedded server. */
export async function localServer(onNotice?: (sentence: string) => void): Promise<LocalServer> {
  const databaseUrl = process.env.DATABASE_URL
  if (databaseUrl)
    return {
      embedded: false,
      databaseUrl,
      directUrl: process.env.DIRECT_URL || databaseUrl,
      stop: async () => {},
    }
  const server = await startServer({ dataDir: localDataDir, ...(onNotice ? { onNotice } : {}) })
  return { embedded: true, server, stop: server.stop }
}

/** Stops this clone's embedded server and deletes its data. */
export async function dropLocalServer(): Promise<void> {
  await dropServer(localDataDir)
}
