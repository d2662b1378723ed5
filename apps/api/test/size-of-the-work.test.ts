import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { adris } from '@vetcita/testing/seeded-clinics'
import { seededDatabase } from '@vetcita/testing/seeded-database'
import { asuncion, newKey } from '@vetcita/testing/times'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { visitor } from './support/person.ts'

const bookings = 200
const warmUp = 50

/** Returns the flags with which the package's "start" script runs Node. */
async function startFlags(): Promise<string[]> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  const { scripts } = z.object({ scripts: z.object({ start: z.string() }) }).parse(manifest)
  return scripts.start.split(' ').filter((word) => word.startsWith('--'))
}

/** Returns the processor time that a process has used, in milliseconds. */
async function processorMilliseconds(pid: number | undefined): Promise<number> {
  const [, afterName = ''] = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')
  const fields = afterName.split(' ')
  // utime and stime, in ticks of 10 ms
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Returns a process's resident set in MB, as the kernel counts it. */
async function residentMegabytes(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

it.skipIf(process.platform !== 'linux')(
  'books within milliseconds, in a process of modest size',
  async () => {
    const { scratch, admin, apiUrl } = await seededDatabase()
    const server = fileURLToPath(new URL('../src/main.ts', import.meta.url))
    const child = spawn(process.execPath, [...(await startFlags()), server], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: apiUrl,
        AUTH_SECRET: 'a-secret-that-only-the-tests-know-of',
        PORT: '0',
        RATE_LIMIT: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const url = await new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk) => {
        const found = /Server listening at (http:\/\/[\d.:]+)/.exec(String(chunk))?.[1]
        if (found !== undefined) resolve(found)
      })
    })
    const person = visitor(url)
    await person.signUp({ name: 'Fast', email: 'fast@example.com' })
    await person.at('adris').clinic.join.mutate({})
    const made = await person.at('adris').pets.create.mutate({ name: 'Luna', species: 'dog' })
    if (!made.success) throw new Error(made.error)

    const times: number[] = []
    let used = 0
    const book = person.at('adris').appointments.book
    for (let n = 0; n < bookings; n += 1) {
      if (n === warmUp) used = await processorMilliseconds(child.pid)
      const since = performance.now()
      const outcome = await book.mutate({
        petId: made.pet.id,
        serviceId: adris.consultation,
        vetId: adris.vet,
        startTime: asuncion(
          3 + Math.floor(n / 8),
          `${String(8 + (n % 4)).padStart(2, '0')}:${n % 8 < 4 ? '00' : '30'}`,
        ),
        idempotencyKey: newKey(),
      })
      times.push(performance.now() - since)
      expect(outcome).toMatchObject({ success: true })
    }
    const processor = ((await processorMilliseconds(child.pid)) - used) / (bookings - warmUp)
    const megabytes = await residentMegabytes(child.pid)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
    await admin.end()
    await scratch.drop()

    const sorted = times.slice(warmUp).sort((one, other) => one - other)
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.POSITIVE_INFINITY
    const p5 = sorted[Math.floor(sorted.length * 0.05)] ?? Number.POSITIVE_INFINITY
    console.info(
      `a booking through the API: median ${median.toFixed(1)} ms, 5th and 95th percentile ${p5.toFixed(1)} and ${p95.toFixed(1)} ms, ${processor.toFixed(1)} ms of the API's processor time; the process: ${megabytes.toFixed(0)} MB`,
    )
    // The goal is a median of 10 ms on an idle machine. A test run shares its cores with other programs, so the limit here
    // is on processor time, which does not include waiting.
    expect(processor).toBeLessThan(10)
    expect(megabytes).toBeLessThan(200)
  },
)
