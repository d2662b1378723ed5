import path from 'node:path'
import process from 'node:process'
import { loadEnvFile } from '@vetcita/connection/env-file'
import { refuseUnbuildable, repositoryRoot } from '@vetcita/postgres'
import { type Child, capture, startChild } from '@vetcita/postgres/children'
import { appFolder, portFrom, startApi } from './api.ts'
import { type PreparedDatabase, prepareDatabase } from './database.ts'
import { localSecrets } from './secrets.ts'
import { printSignIns } from './sign-ins.ts'
import { untilAskedToEnd } from './until-asked-to-end.ts'

/**
 * `pnpm dev`: the database of `pnpm start`, the API, which restarts when its files change, and both apps on Vite's dev
 * servers. Ctrl-C stops all of them.
 */
loadEnvFile(repositoryRoot)

const say = (sentence: string) => console.log(sentence)
const asked = untilAskedToEnd()
let ending = false
void asked.then(() => {
  ending = true
})
const children: Child[] = []
let database: PreparedDatabase | undefined
try {
  refuseUnbuildable()
  const port = await portFrom('PORT', 4000)
  const ownerPort = await portFrom('OWNER_PORT', 5173)
  const staffPort = await portFrom('STAFF_PORT', 5174)
  const ownerUrl = `http://localhost:${ownerPort}`
  const staffUrl = `http://localhost:${staffPort}`
  const secrets = await localSecrets()
  const generated = await capture(
    path.join(repositoryRoot, 'node_modules/.bin/turbo'),
    ['run', 'generate', '--filter=@vetcita/db'],
    { cwd: repositoryRoot },
  )
  if (generated.code !== 0) throw new Error(`The Prisma client could not be generated:\n${generated.output}`)
  database = await prepareDatabase({ secrets, demo: process.argv.includes('--demo'), say })
  if (ending) throw new Error('asked to end before it was ready')
  children.push(
    await startApi({
      port,
      watch: true,
      env: {
        DATABASE_URL: database.databaseUrl,
        DIRECT_URL: undefined,
        AUTH_SECRET: process.env.AUTH_SECRET || secrets.authSecret,
        MAIL_FOLDER: process.env.MAIL_FOLDER || path.join(repositoryRoot, '.vetcita/mails'),
        PUBLIC_URL: `http://localhost:${port}`,
        TRUSTED_ORIGINS: `${ownerUrl},${staffUrl}`,
      },
    }),
  )
  for (const [app, appPort] of [
    ['owner', ownerPort],
    ['staff', staffPort],
  ] as const)
    children.push(
      startChild(
        path.join(appFolder(app), 'node_modules/.bin/vite'),
        ['--port', String(appPort), '--strictPort', '--clearScreen', 'false'],
        { cwd: appFolder(app), env: { ...process.env, API_URL: `http://127.0.0.1:${port}` } },
      ),
    )
  say(`\n  for pet owners    ${ownerUrl}/`)
  say(`  for the clinic    ${staffUrl}/staff/`)
  say(`  API               http://localhost:${port}/`)
  say(`  database          ${database.directUrl}`)
  if (database.demo) printSignIns()
  say('\nCtrl-C stops it.')

  const signal = await Promise.race([asked, ...children.map((child) => child.ended.then(() => undefined))])
  if (signal === undefined) {
    console.error('One of the servers ended by itself; see its log above.')
    process.exitCode = 1
  }
} catch (error) {
  // Ctrl-C ends the programs that prepare the start too; that is not a failure to report
  if (!ending) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
} finally {
  await Promise.all(children.map((child) => child.stop()))
  await database?.stop()
}
process.exit()
