import process from 'node:process'
import prepareTestServer from '@vetcita/postgres/vitest-setup'
import { debianBinaries, startDebianServer } from './debian-server.ts'

/** Vitest's `globalSetup`: the embedded server, and the system's older PostgreSQL where one is installed. */
export default async function setup(): Promise<() => Promise<void>> {
  const stopEmbedded = await prepareTestServer()
  const binaries = debianBinaries()
  const debian = binaries === undefined ? undefined : await startDebianServer(binaries)
  if (debian) process.env.OPS_DEBIAN_SERVER = debian.adminUrl
  return async () => {
    await debian?.stop()
    await stopEmbedded()
  }
}
