import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readEnv } from '@vetcita/api/env'
import { repositoryRoot } from '@vetcita/postgres'
import { DCLinter } from 'dclint'
import { validate as lintDockerfile } from 'dockerfile-utils'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const read = (name: string) => readFileSync(path.join(repositoryRoot, name), 'utf8')

type Instruction = { word: string; rest: string }
type Stage = { name: string; from: string; instructions: Instruction[] }

/** Returns the instructions by stage, with continued lines joined and defaults of ARG substituted. */
function stagesOf(dockerfile: string): Stage[] {
  const stages: Stage[] = []
  const defaults = new Map<string, string>()
  const text = dockerfile.replace(/^#.*$/gm, '').replace(/\\\n/g, ' ')
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [word = '', ...parts] = line.trim().split(/\s+/)
    const rest = parts.join(' ').replace(/\$\{(\w+)\}/g, (whole, name) => defaults.get(name) ?? whole)
    const [name = '', value] = rest.split('=')
    if (word === 'ARG' && value !== undefined) defaults.set(name, value)
    if (word === 'FROM') {
      const [from = '', , as = ''] = rest.split(' ')
      stages.push({ name: as, from, instructions: [] })
    } else stages.at(-1)?.instructions.push({ word, rest })
  }
  return stages
}

const manifest = z.object({
  name: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
})

describe('Dockerfile', () => {
  const stages = stagesOf(read('Dockerfile'))
  const final = stages.filter(({ name }) => ['api', 'ops', 'pgbouncer'].includes(name))

  test('passes a linter', () => {
    expect(lintDockerfile(read('Dockerfile')).map(({ message }) => message)).toEqual([])
    expect(lintDockerfile('FROM node:24\nRUNN true\n')).not.toEqual([])
  })

  test('copies every workspace package that the programs import', () => {
    const copied = stages
      .flatMap(({ instructions }) => instructions)
      .flatMap(({ word, rest }) => (word === 'COPY' ? rest.split(' ').slice(0, -1) : []))
    const folders = ['apps', 'packages'].flatMap((group) =>
      readdirSync(path.join(repositoryRoot, group)).map((name) => `${group}/${name}`),
    )
    const packages = new Map(
      folders
        .filter((folder) => existsSync(path.join(repositoryRoot, folder, 'package.json')))
        .map((folder) => {
          const { name, dependencies } = manifest.parse(JSON.parse(read(`${folder}/package.json`)))
          return [name, { folder, dependencies: Object.keys(dependencies) }] as const
        }),
    )
    const needed = new Set(['@vetcita/api', '@vetcita/ops'])
    for (const name of needed) {
      const { folder = '', dependencies = [] } = packages.get(name) ?? {}
      expect(copied).toContain(folder)
      for (const dependency of dependencies) if (packages.has(dependency)) needed.add(dependency)
    }
    expect(needed.size).toBeGreaterThan(3)
  })

  test('pins every image that is not an earlier stage, and builds the product by default', () => {
    stages.forEach(({ from }, at) => {
      const earlier = stages.slice(0, at).some(({ name }) => name === from)
      if (!earlier) expect(from).toMatch(/^[\w./-]+:\d+\.\d+[\w.-]*$/)
    })
    expect(stages.at(-1)?.name).toBe('api')
    expect(final).toHaveLength(3)
  })

  test('runs without root, with a health check and without a shell', () => {
    for (const { name, instructions } of final) {
      const users = instructions.filter(({ word }) => word === 'USER').map(({ rest }) => rest)
      expect(users.at(-1), name).toMatch(/^(node|postgres)$/)
      expect(
        instructions.some(({ word }) => word === 'HEALTHCHECK'),
        name,
      ).toBe(true)
      const command = instructions.findLast(({ word }) => word === 'CMD')?.rest ?? ''
      expect(z.array(z.string()).parse(JSON.parse(command)).length, name).toBeGreaterThan(0)
    }
  })

  test('copies only existing files, adds nothing remote, and contains no secret', () => {
    for (const { instructions } of stages)
      for (const { word, rest } of instructions) {
        expect(word).not.toBe('ADD')
        if (word === 'ENV' || word === 'ARG') expect(rest).not.toMatch(/PASSWORD|SECRET|TOKEN|DATABASE_URL/)
        const stage = /--from=(\S+)/.exec(rest)?.[1]
        if (stage !== undefined) expect(stages.map(({ name }) => name)).toContain(stage)
        else if (word === 'COPY')
          for (const source of rest.split(' ').slice(0, -1))
            expect(existsSync(path.join(repositoryRoot, source))).toBe(true)
        if (word === 'RUN' && rest.includes('apt-get install')) {
          expect(rest).toContain('--no-install-recommends')
          expect(rest).toContain('rm -rf /var/lib/apt/lists/*')
        }
        if (word === 'RUN' && rest.includes(' install ') && rest.includes('pnpm@'))
          expect(rest).toContain('--frozen-lockfile')
      }
  })

  test('installs every package that the programs import', () => {
    const copied = stages
      .find(({ name }) => name === 'production')
      ?.instructions.filter(({ word }) => word === 'COPY')
      .map(({ rest }) => rest.split(' ')[0])
    const manifest = z.object({ dependencies: z.record(z.string(), z.string()) })
    const needed = new Set(['apps/api', 'apps/ops'])
    for (const folder of needed)
      for (const name of Object.keys(manifest.parse(JSON.parse(read(`${folder}/package.json`))).dependencies))
        if (name.startsWith('@vetcita/')) needed.add(`packages/${name.slice('@vetcita/'.length)}`)
    for (const folder of needed) expect(copied).toContain(folder)
  })

  test('excludes from the context what must not be in an image', () => {
    const ignored = read('.dockerignore').split('\n')
    for (const entry of ['**/.env', '.git', '**/node_modules', '**/.vetcita', '**/backup_*.sql'])
      expect(ignored).toContain(entry)
  })
})

const service = z.object({
  image: z.string().optional(),
  build: z.object({ context: z.string(), target: z.string() }).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.unknown().optional(),
  ports: z.array(z.string()).default([]),
  privileged: z.unknown().optional(),
  restart: z.string(),
  configs: z.array(z.object({ source: z.string(), target: z.string() })).default([]),
})

const compose = z.object({
  services: z.record(z.string(), service),
  configs: z.record(z.string(), z.object({ content: z.string() })),
})

// Rules about the order of keys are ignored: the file is ordered for reading from the top.
const rules = {
  'service-keys-order': 0,
  'services-alphabetical-order': 0,
  'top-level-properties-order': 0,
} as const

describe('compose.yaml', () => {
  const { services, configs } = compose.parse(parse(read('compose.yaml')))

  test('passes a linter, except for rules about order', () => {
    const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] })
    const results = linter.lintFiles([path.join(repositoryRoot, 'compose.yaml')], false)
    expect(results).toHaveLength(1)
    expect(results.flatMap(({ messages }) => messages.map(({ message }) => message))).toEqual([])
  })

  test('builds existing stages, pins images, and publishes ports only to this machine', () => {
    const names = stagesOf(read('Dockerfile')).map(({ name }) => name)
    for (const { build, image, ports, privileged, configs: used } of Object.values(services)) {
      if (build) expect(names).toContain(build.target)
      if (image !== undefined) expect(image).toMatch(/:\d+\.\d+/)
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/)
      expect(privileged).toBeUndefined()
      for (const { source } of used) expect(Object.keys(configs)).toContain(source)
    }
  })

  test('waits for services with a health check to be healthy, and for the deployment to end', () => {
    for (const { depends_on } of Object.values(services))
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(Object.keys(services)).toContain(name)
        expect(condition).toBe(name === 'migrate' ? 'service_completed_successfully' : 'service_healthy')
      }
  })

  test('restarts every service except the deployment', () => {
    for (const [name, { restart }] of Object.entries(services))
      expect(restart, name).toBe(name === 'migrate' ? 'no' : 'unless-stopped')
  })

  test('has no default passwords', () => {
    for (const text of read('compose.yaml').match(/\$\{(?:\w*PASSWORD|AUTH_SECRET)[^}]*\}/g) ?? [])
      expect(text).toContain(':?')
  })

  test('gives the API a valid environment, through PgBouncer in transaction mode', () => {
    const values: Readonly<Record<string, string>> = {
      API_PASSWORD: 'p'.repeat(48),
      AUTH_SECRET: 's'.repeat(48),
    }
    const environment = Object.fromEntries(
      Object.entries(services.api?.environment ?? {}).map(([name, value]) => [
        name,
        value.replace(
          /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
          (_, key: string, or: string) => values[key] ?? or ?? '',
        ),
      ]),
    )
    const env = readEnv({ HOST: '0.0.0.0', PORT: '4000', ...environment })
    expect(new URL(env.DATABASE_URL).host).toBe('pgbouncer:6432')
    expect(new URL(env.DATABASE_URL).username).toBe('vetcita_api')
    expect(configs.pgbouncer?.content).toContain('pool_mode = transaction')
  })
})
