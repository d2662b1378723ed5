import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { apiRole, dropThrowaway, freePort, startServer, throwawayFolder, withClient } from '@vetcita/postgres'
import { runningServer } from '@vetcita/postgres/cluster'
import { apiPassword, apiTemplate, scratchDatabase } from '@vetcita/testing'
import { seedClinics } from '@vetcita/testing/seeded-clinics'
import type pg from 'pg'
import { serveApi } from '../../../scripts/api.ts'
import { unlimited } from './stage.ts'

export type Victim = 'server' | 'backend' | 'API'

/** A PostgreSQL server with durable commits, and the API, which is restarted as `pnpm start` restarts it. */
export type Killable = {
  url: string
  /** Runs `work` on a separate superuser's connection. */
  asAdmin<T>(work: (admin: pg.Client) => Promise<T>): Promise<T>
  /** Returns the API's process id, if it runs. */
  apiPid(): number | undefined
  /** Sends SIGKILL to the whole server, to one of its backends, or to the API. */
  kill(victim: Victim): Promise<void>
  /** Starts the killed server on the data that it had written. */
  startServerAgain(): Promise<void>
  stop(): Promise<void>
}

/** Starts both, with the seeded clinics. */
export async function startKillable(): Promise<Killable> {
  const folder = await throwawayFolder()
  // without the test server's settings, under which a commit does not wait for its log
  const start = () => startServer({ dataDir: path.join(folder, 'postgres'), port: 0 })
  const server = await start()
  const { url: databaseUrl } = await scratchDatabase(server.url(), await apiTemplate(server.url()))

  const asAdmin: Killable['asAdmin'] = (work) => withClient(databaseUrl, work)
  await asAdmin(seedClinics)

  const loginUrl = new URL(databaseUrl)
  loginUrl.username = apiRole
  loginUrl.password = apiPassword
  const port = await freePort()
  const api = await serveApi({
    port,
    watch: false,
    env: {
      DATABASE_URL: loginUrl.href,
      AUTH_SECRET: 'a-secret-that-only-the-tests-know-of',
      MAIL_FOLDER: path.join(tmpdir(), 'vetcita-test-mails'),
      LOG_LEVEL: 'fatal',
      ...unlimited,
    },
  })
  const serverPid = async () => (await runningServer(server.folder))?.pid
  const backendPid = () =>
    asAdmin(async (admin) => {
      const { rows } = await admin.query<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'vetcita-api' and state = 'active' limit 1`,
      )
      return rows[0]?.pid
    })

  return {
    url: `http://127.0.0.1:${port}`,
    asAdmin,
    apiPid: api.pid,
    kill: async (victim) => {
      const find = { server: serverPid, backend: backendPid, API: async () => api.pid() }[victim]
      // between two statements no backend is active
      for (const deadline = Date.now() + 5_000; Date.now() < deadline; await sleep(5)) {
        const pid = await find()
        if (pid !== undefined) return void process.kill(pid, 'SIGKILL')
      }
      throw new Error(`There is no ${victim} to kill`)
    },
    startServerAgain: async () => void (await start()),
    stop: async () => {
      await api.stop()
      await dropThrowaway(folder)
    },
  }
}
