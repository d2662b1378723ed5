import net from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './support/api.ts'

// Clients that send slowly, or not to the end, on real connections.

let api: TestApi
const sockets: net.Socket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy()
  await api.stop()
})

type Stalled = {
  socket: net.Socket
  /** Milliseconds until the server ended the connection. */
  ended: Promise<number>
  /** What the server has sent. */
  text: () => string
}

/** Opens a connection and sends a part of a request. */
async function stall(part: string, localAddress = '127.0.0.1'): Promise<Stalled> {
  const { hostname, port } = new URL(api.url)
  const socket = net.connect({ port: Number(port), host: hostname, localAddress })
  sockets.push(socket)
  const begun = performance.now()
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1')
  })
  // the server resets a connection that it refuses
  socket.on('error', () => {})
  const ended = new Promise<number>((resolve) => {
    socket.once('close', () => resolve(performance.now() - begun))
  })
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  socket.write(part)
  return { socket, ended, text: () => text }
}

const halfBody = (lines: readonly string[] = []) =>
  [
    'POST /trpc/clinic.join HTTP/1.1',
    'host: localhost',
    'x-clinic: adris',
    'content-type: application/json',
    'content-length: 100000',
    ...lines,
    '',
    '{',
  ].join('\r\n')

const clinics = (headers: Record<string, string> = {}) => fetch(`${api.url}/trpc/clinic.list`, { headers })

describe('a request that does not arrive', () => {
  it('takes nobody’s place, and is ended at its deadline: 205 bodies of one byte, and as many without headers', async () => {
    api = await startApi({ REQUEST_TIMEOUT_MS: '1500' })
    const begun = performance.now()
    const stalled = await Promise.all([
      ...Array.from({ length: 205 }, () => stall(halfBody())),
      ...Array.from({ length: 100 }, () => stall('POST /trpc/clinic.join HTTP/1.1\r\nhost: localhost\r\n')),
      ...Array.from({ length: 100 }, () => stall('')),
    ])
    const answers = await Promise.all(Array.from({ length: 20 }, () => clinics()))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const times = await Promise.all(stalled.map(({ ended }) => ended))
    // it is looked for every second, and the machine may be busy; Node's own interval would make it half a minute
    expect(Math.max(...times)).toBeLessThan(15_000)
    expect(performance.now() - begun).toBeLessThan(20_000)
    for (const { text } of stalled) expect(text()).not.toMatch(/^HTTP\/1\.1 [25]/)
  })

  it('cannot be one of more than so many connections of an address', async () => {
    api = await startApi({ MAX_OPEN_PER_ADDRESS: '10', REQUEST_TIMEOUT_MS: '60000' })
    const held = await Promise.all(Array.from({ length: 10 }, () => stall(halfBody(), '127.0.0.2')))
    const more = await Promise.all(Array.from({ length: 5 }, () => stall(halfBody(), '127.0.0.2')))
    await Promise.all(more.map(({ ended }) => ended))
    for (const { text } of more) expect(text()).toBe('')
    // another address is served
    expect((await clinics()).status).toBe(200)
    for (const { socket } of held) expect(socket.destroyed).toBe(false)
    // a place that becomes free can be taken again
    held[0]?.socket.destroy()
    await expect
      .poll(async () => {
        const { text } = await stall(
          'GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
          '127.0.0.2',
        )
        await new Promise((resolve) => setTimeout(resolve, 100))
        return text().slice(0, 12)
      })
      .toBe('HTTP/1.1 200')
  })

  it('cannot be one of more than so many of a client behind a proxy, whose connections are not counted', async () => {
    api = await startApi({ MAX_OPEN_PER_ADDRESS: '10', REQUEST_TIMEOUT_MS: '60000', TRUSTED_PROXIES: '1' })
    const from = (address: string) => [`x-forwarded-for: 6.6.6.6, ${address}`]
    await Promise.all(Array.from({ length: 10 }, () => stall(halfBody(from('10.0.0.1')))))
    await Promise.all(Array.from({ length: 5 }, () => stall(halfBody(from('10.0.0.2')))))
    const refused = await stall(halfBody(from('10.0.0.1')))
    await refused.ended
    expect(refused.text()).toMatch(/^HTTP\/1\.1 429 /)
    expect((await clinics({ 'x-forwarded-for': '10.0.0.1' })).status).toBe(429)
    expect((await clinics({ 'x-forwarded-for': '10.0.0.2' })).status).toBe(200)
  })
})
