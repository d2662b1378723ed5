import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { EnvironmentError, readEnv } from '../src/env.ts'
import { isTrustedOrigin } from '../src/http/origins.ts'

const good = {
  DATABASE_URL: 'postgresql://vetcita_api:secret@127.0.0.1:5432/vetcita',
  AUTH_SECRET: 'thirty-two-characters-at-the-least',
}

function errorFor(change: Record<string, string | undefined>): string {
  try {
    readEnv({ ...good, ...change })
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message
    throw error
  }
  return 'accepted'
}

describe('the environment', () => {
  it('has defaults for all but the database and the secret', () => {
    expect(readEnv(good)).toMatchObject({
      PORT: 4000,
      HOST: '127.0.0.1',
      PUBLIC_URL: 'http://localhost:4000',
      MAIL_FROM: 'Vetcita <no-reply@localhost>',
    })
    expect(readEnv({ ...good, PORT: '', PUBLIC_URL: '' }).PORT).toBe(4000)
  })

  it.each([
    ['DATABASE_URL', undefined],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'localhost'],
    ['AUTH_SECRET', undefined],
    ['AUTH_SECRET', 'short'],
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['PORT', '-1'],
    ['PUBLIC_URL', 'citas.example.com'],
    ['PUBLIC_URL', 'ftp://citas.example.com'],
    ['TRUSTED_ORIGINS', 'https://good.example,nonsense'],
    ['LOG_LEVEL', 'loud'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_TIMEOUT_MS', '15s'],
    ['MAX_IN_FLIGHT', '-1'],
    ['RATE_LIMIT', 'many'],
    ['SIGN_IN_RATE_LIMIT', '1.5'],
    ['TRUSTED_PROXIES', '11'],
    ['SMTP_URL', 'mail.example.com'],
    ['SMTP_URL', 'https://mail.example.com'],
    ['SMTP_URL', 'smtp://mail.example.com:99999'],
    ['SMTP_URL', 'smtps://'],
    ['SMTP_URL', 'smtps://user:100%@mail.example.com'],
    ['MAIL_FROM', 'Vetcita'],
    ['MAIL_FROM', 'Vetcita <citas@example.com>\r\nBcc: x@example.com'],
    ['SHUTDOWN_TIMEOUT_MS', '10s'],
  ])('refuses %s=%s with one sentence that names it', (name, value) => {
    expect(errorFor({ [name]: value })).toMatch(new RegExp(`^${name} must be|^${name} must have`))
    expect(errorFor({ [name]: value })).toMatch(/^[^\n]+\.$/)
  })

  it('never repeats a secret in an error', () => {
    expect(errorFor({ AUTH_SECRET: 'hunter2' })).not.toContain('hunter2')
    expect(errorFor({ DATABASE_URL: 'mysql://root:hunter2@localhost' })).not.toContain('hunter2')
    expect(errorFor({ SMTP_URL: 'ftp://citas:hunter2@localhost' })).not.toContain('hunter2')
  })

  it('trusts the public origin and the configured ones, and other loopback origins only if the public one is loopback', () => {
    const local = { PUBLIC_URL: 'http://localhost:4000', TRUSTED_ORIGINS: [] }
    expect(isTrustedOrigin(local, 'http://127.0.0.1:4000')).toBe(true)
    expect(isTrustedOrigin(local, 'http://localhost:5173')).toBe(true)
    expect(isTrustedOrigin(local, 'http://localhost.evil.example')).toBe(false)
    expect(isTrustedOrigin(local, 'null')).toBe(false)
    const real = { PUBLIC_URL: 'https://citas.example.com', TRUSTED_ORIGINS: ['https://b.example'] }
    expect(isTrustedOrigin(real, 'https://citas.example.com')).toBe(true)
    expect(isTrustedOrigin(real, 'https://b.example')).toBe(true)
    expect(isTrustedOrigin(real, 'http://citas.example.com')).toBe(false)
    expect(isTrustedOrigin(real, 'http://localhost:4000')).toBe(false)
  })
})

describe('a process that cannot start', () => {
  it('reports it in one sentence and exits with 1', async () => {
    expect(await start({ ...good, PORT: 'http' })).toEqual({
      code: 1,
      stderr: 'PORT must be a whole number.',
    })
    expect(await start({})).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DATABASE_URL must be set.*\.$/),
    })
  })

  it('reports a port that is in use', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const result = await start({ ...good, PORT: String(port), LOG_LEVEL: 'silent' })
    other.close()
    expect(result).toEqual({
      code: 1,
      stderr: 'PORT is in use by another program: choose another port or stop that program.',
    })
  })
})

function start(env: Record<string, string>): Promise<{ code: number | null; stderr: string }> {
  const server = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [server], { env: { PATH: process.env.PATH, ...env } })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr: stderr.trim() })))
}
