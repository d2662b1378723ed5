import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { repositoryRoot } from '@vetcita/postgres'
import { startProcess } from '@vetcita/testing/api-process'
import { freshClinic } from '../clinic.ts'
import { overHttp } from '../contenders/http.ts'
import { drive, requests } from '../drive.ts'
import { type Figure, figure, short, withSpread } from '../figures.ts'
import type { Effort, Report } from '../report.ts'
import { apiEnv, nodeFlags, type Stage } from '../stage.ts'

/** Returns the milliseconds from the start of a process to its first answer from the database, and its memory. */
async function coldStart(databaseUrl: string): Promise<{ ms: number; megabytes: number }> {
  const begun = performance.now()
  const api = await startProcess({ ...apiEnv(databaseUrl), LOG_LEVEL: 'info' }, nodeFlags)
  try {
    const response = await fetch(`${api.url}/readyz`)
    if (!response.ok) throw new Error(`The API is not ready: ${response.status}`)
    const ms = performance.now() - begun
    await sleep(1_500)
    return { ms, megabytes: await residentMegabytes(api.child.pid) }
  } finally {
    await api.stop()
  }
}

/** Returns a process's resident memory on Linux, NaN elsewhere. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux') return Number.NaN
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

type Weight = { app: string; first: number; all: number }

/** Returns compressed kilobytes: what the page itself loads, and everything. */
async function weigh(app: 'owner' | 'staff'): Promise<Weight> {
  const dist = path.join(repositoryRoot, 'apps', app, 'dist')
  if (!existsSync(dist)) return { app, first: Number.NaN, all: Number.NaN }
  const page = await readFile(path.join(dist, 'index.html'), 'utf8')
  const assets = path.join(dist, 'assets')
  let first = gzipSync(page).length
  let all = first
  for (const file of await readdir(assets)) {
    if (!/\.(js|css)$/.test(file)) continue
    const size = gzipSync(await readFile(path.join(assets, file))).length
    all += size
    if (page.includes(file)) first += size
  }
  return { app, first: first / 1000, all: all / 1000 }
}

/** Family 4: time to start, memory and sizes. */
export async function coldStarts(stage: Stage, effort: Effort): Promise<Report> {
  const starts: Array<{ ms: number; megabytes: number }> = []
  // the first one fills Node's compile cache, as the first start after a deployment does
  for (let n = -1; n < effort.rounds; n += 1) {
    const start = await coldStart(stage.main.apiUrl)
    if (n >= 0) starts.push(start)
  }
  const loaded = await startProcess({ ...apiEnv(stage.main.apiUrl), LOG_LEVEL: 'info' }, nodeFlags)
  const booker = await overHttp.open(stage.main, { url: loaded.url, accounts: stage.accounts })
  const clinic = await freshClinic(stage.main, stage.accounts)
  const samples: number[] = []
  let busy = true
  const sampling = (async () => {
    for (; busy; await sleep(100)) samples.push(await residentMegabytes(loaded.child.pid))
  })()
  await drive(booker, requests(clinic), 32, effort.quick ? 2_000 : 5_000)
  busy = false
  await sampling
  await booker.close()
  await loaded.stop()

  const apps = [await weigh('owner'), await weigh('staff')]
  const start: Figure = figure(starts.map(({ ms }) => ms))
  const idle = figure(starts.map(({ megabytes }) => megabytes))
  return {
    title: 'Cold start, memory, size',
    about: `From the start of the API's process to its first answer from the database; its resident memory 1.5 s later, and its maximum while 32 callers book. The apps' kilobytes (of 1,000 bytes) are those of scripts and styles, gzipped: what the page loads before the first screen's own chunk, and everything.`,
    tables: [
      {
        caption: 'The API',
        head: ['', 'median (lowest–highest)'],
        rows: [
          ['first answer, ms', withSpread(start)],
          ['memory idle, MB', withSpread(idle)],
          ['memory under load, at most, MB', short(Math.max(...samples))],
        ],
      },
      {
        caption: 'The apps, kB gzipped',
        head: ['', 'at first', 'everything'],
        rows: apps.map(({ app, first, all }) => [app, short(first), short(all)]),
      },
    ],
    charts: [
      {
        file: 'cold-start.svg',
        title: 'Memory of the API in MB, and its first answer in hundredths of a second',
        kind: 'bar',
        x: ['idle', 'under load', 'first answer'],
        xName: '',
        yName: 'MB, or 10 ms',
        series: [{ name: 'API', values: [idle.median, Math.max(...samples), start.median / 10] }],
      },
    ],
    bars: [],
  }
}
