import path from 'node:path'
import process from 'node:process'
import { loadEnvFile } from '@vetcita/connection/env-file'
import { refuseUnbuildable, repositoryRoot } from '@vetcita/postgres'
import { capture } from '@vetcita/postgres/children'
import { appFolder, portFrom, serveApi } from './api.ts'
import { type PreparedDatabase, prepareDatabase } from './database.ts'
import { localSecrets } from './secrets.ts'
import { printSignIns } from './sign-ins.ts'
import { untilAskedToEnd } from './until-asked-to-end.ts'

/**
 * `pnpm start`: the whole product on one port. Prepares the database while it builds the apps, then serves until Ctrl-C
 * and leaves nothing running. An API that was killed is started again. Work that is already done is skipped, so a second
 * start takes seconds. `--demo` adds demo data to a database of your own; the embedded one always has it.
 */
const started = Date.now()
loadEnvFile(repositoryRoot)

const say = (sentence: string) => console.log(sentence)
const asked = untilAskedToEnd()
let ending = false
void asked.then(() => {
  ending = true
})
let database: PreparedDatabase | undefined
try {
  refuseUnbuildable()
  const port = await portFrom('PORT', 4000)
  const publicUrl = process.env.PUBLIC_URL || `http://localhost:${port}`
  const secrets = await localSecrets()
  say('Preparing the database and building the apps …')
  const build = buildApps()
  // a failure is reported below, once the database is in a state that can be stopped
  build.catch(() => {})
  database = await prepareDatabase({ secrets, demo: process.argv.includes('--demo'), say })
  await build
  if (ending) throw new Error('asked to end before it was ready')
  const api = await serveApi({
    port,
    watch: false,
    env: {
      NODE_ENV: 'production',
      DATABASE_URL: database.databaseUrl,
      DIRECT_URL: undefined,
      LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
      AUTH_SECRET: process.env.AUTH_SECRET || secrets.authSecret,
      MAIL_FOLDER: process.env.MAIL_FOLDER || path.join(repositoryRoot, '.vetcita/mails'),
      PUBLIC_URL: publicUrl,
      OWNER_DIST: path.join(appFolder('owner'), 'dist'),
      STAFF_DIST: path.join(appFolder('staff'), 'dist'),
    },
  })
  say(`\nVetcita is ready (${((Date.now() - started) / 1000).toFixed(1)} s).`)
  say(`  for pet owners    ${publicUrl}/`)
  say(`  for the clinic    ${publicUrl}/staff/`)
  if (database.demo) printSignIns()
  say('\nCtrl-C stops it.')

  const signal = await Promise.race([asked, api.ended.then(() => undefined)])
  if (signal === undefined) {
    console.error('The API has ended; see its log above.')
    process.exitCode = 1
  }
  await api.stop()
} catch (error) {
  // Ctrl-C ends the programs that prepare the start too; that is not a failure to report
  if (!ending) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
} finally {
  await database?.stop()
}
process.exit()

/** Builds both apps, or takes them from turbo's cache if nothing changed. */
async function buildApps(): Promise<void> {
  const { code, output } = await capture(
    path.join(repositoryRoot, 'node_modules/.bin/turbo'),
    [
      'run',
      'generate',
      'build',
      '--filter=@vetcita/db',
      '--filter=@vetcita/owner',
      '--filter=@vetcita/staff',
    ],
    { cwd: repositoryRoot },
  )
  if (code !== 0) throw new Error(`The apps could not be built:\n${output}`)
}
