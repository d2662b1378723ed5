import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { describe, expect, it } from 'vitest'

// Keeps secrets out of the repository and the images, and lists every dependency's licence.

const read = (file: string) => readFileSync(path.join(repositoryRoot, file), 'utf8')

/** Patterns of keys and passwords, each with an example that is assembled so that it does not match in this file. */
const secrets: Readonly<Record<string, { pattern: RegExp; example: string }>> = {
  'a private key': {
    pattern: /-----BEGIN [A-Z ]*PRIVATE KEY/,
    example: ['-----BEGIN RSA ', 'PRIVATE KEY-----'].join(''),
  },
  'a cloud provider’s key': {
    pattern: /\bA(?:KIA|SIA)[A-Z0-9]{16}\b/,
    example: `${'AKIA'}${'Q'.repeat(16)}`,
  },
  'a code host’s token': {
    pattern: /\b(?:gh[pousr]_\w{36}|github_pat_\w{50}|glpat-[\w-]{20})/,
    example: `${'ghp_'}${'a1'.repeat(18)}`,
  },
  'a registry’s token': {
    pattern: /\bnpm_[A-Za-z0-9]{36}\b|_authToken=[\w-]{16}/,
    example: `${'npm_'}${'a'.repeat(36)}`,
  },
  'a key of a payment or mail service': {
    pattern: /\b(?:[sr]k_live_\w{16}|xox[abprs]-\w{10}|SG\.[\w-]{22}\.|AIza[\w-]{35})/,
    example: `${'sk_live_'}${'a'.repeat(24)}`,
  },
  'a signed token': {
    pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/,
    example: ['eyJ', 'hbGciOiJIUzI1NiJ9', '.eyJ', 'zdWIiOiIxMjM0NTYifQ', '.', 'c2lnbmF0dXJlLXg'].join(''),
  },
  // examples in the docs have a word as the password; a real one is long and has digits and letters
  'an address with a password': {
    pattern:
      /\b(?:postgres(?:ql)?|smtps?|https?):\/\/[^\s:/@'"`$]+:(?=[^\s@'"`${]*\d)(?=[^\s@'"`${]*[a-z])[^\s@'"`${]{12,}@(?!127\.0\.0\.1|localhost)/i,
    example: `postgresql://vetcita:${'9f86d081884c7d65'}@db.example.com/x`,
  },
  'a value of AUTH_SECRET': {
    pattern: /\bAUTH_SECRET['"]?\s*[=:]\s*['"]?(?=[^\s'"]*\d)[A-Za-z0-9+/=]{32,}/,
    example: `AUTH_SECRET=${'a1B2'.repeat(10)}`,
  },
}

const tracked = trackedFiles()

describe('the repository', () => {
  it.skipIf(tracked === null)('contains no key, token or password', () => {
    const found: string[] = []
    for (const file of tracked ?? []) {
      if (/\.(?:png|ico|svg|woff2?)$/.test(file) || file === 'pnpm-lock.yaml') continue
      const text = readFileSync(path.join(repositoryRoot, file), 'utf8')
      for (const [kind, { pattern }] of Object.entries(secrets)) {
        const [match] = pattern.exec(text) ?? []
        if (match !== undefined) found.push(`${file}: ${kind}: ${match.slice(0, 60)}`)
      }
    }
    expect(found).toEqual([])
  })

  it.each(Object.entries(secrets))('the pattern of %s matches its example', (_kind, { pattern, example }) => {
    expect(example).toMatch(pattern)
  })

  it.skipIf(tracked === null)('tracks no file that usually holds secrets', () => {
    const forSecrets =
      /(?:^|\/)(?:\.env(?:\..*)?|.*\.(?:pem|key|p12|pfx|dump)|id_(?:rsa|ed25519)|\.npmrc|backup_.*\.sql)$/
    expect((tracked ?? []).filter((file) => forSecrets.test(file) && !file.endsWith('.env.example'))).toEqual(
      [],
    )
  })
})

describe('the images', () => {
  const patterns = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  const isExcluded = (file: string) =>
    patterns.some((pattern) => path.matchesGlob(file, pattern) || path.matchesGlob(file, `${pattern}/**`))

  it.each([
    '.env',
    '.env.production',
    'apps/api/.env',
    '.git/config',
    '.vetcita/secrets.json',
    'apps/api/.vetcita/mails/reset.eml',
    'backup_20260101.sql',
    'apps/ops/backup_20260101.sql',
    'apps/api/api.log',
    'apps/api/test-results/results.json',
  ])('%s is not sent to the builder', (file) => {
    expect(isExcluded(file)).toBe(true)
  })

  it('have no secret in variables, arguments or layers, and run as an unprivileged user', () => {
    const dockerfile = read('Dockerfile')
    expect(dockerfile).not.toMatch(
      /^\s*(?:ENV|ARG)\s[^\n]*(?:SECRET|PASSWORD|TOKEN|DATABASE_URL|DIRECT_URL)/im,
    )
    const stages = dockerfile.split(/^FROM /m).slice(1)
    for (const stage of stages.filter((one) => /^(?:CMD|ENTRYPOINT)/m.test(one)))
      expect(stage).toMatch(/^USER (?:node|postgres)$/m)
    expect(isExcluded('apps/api/src/main.ts')).toBe(false)
  })
})

describe('the dependencies', () => {
  it('have reviewed licences, all listed', () => {
    const check = () =>
      execFileSync(process.execPath, [path.join(repositoryRoot, 'scripts/licences.ts'), '--check'], {
        encoding: 'utf8',
      })
    expect(check).not.toThrow()
  })
})

/** Returns the files that git tracks; null if this is not a clone, as in an image. */
function trackedFiles(): string[] | null {
  try {
    const list = execFileSync('git', ['ls-files', '-z'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return list.split('\0').filter((file) => file !== '' && existsSync(path.join(repositoryRoot, file)))
  } catch {
    return null
  }
}
