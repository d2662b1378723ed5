import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { repositoryRoot } from '@vetcita/postgres'
import { z } from 'zod'

/**
 * `pnpm licences` writes docs/licences.md: the licence of every package in the lockfile. With `--check` it writes nothing
 * and exits with 1 if a licence is not allowed or a package is not on the page.
 */

const page = path.join(repositoryRoot, 'docs/licences.md')

/** The licences that may be used, and on which terms. All are weaker than the GPL: none reaches our own sources. */
const allowed: Readonly<Record<string, string>> = {
  '0BSD': 'as one likes',
  'Apache-2.0': 'with its notices',
  'BSD-2-Clause': 'with its notices',
  'BSD-3-Clause': 'with its notices',
  'BlueOak-1.0.0': 'with its notices',
  'CC-BY-4.0': 'data that builds read; named here',
  'CC0-1.0': 'as one likes',
  'EPL-2.0': 'unchanged; a part of Prisma’s command line, not of the API or the apps',
  ISC: 'with its notices',
  MIT: 'with its notices',
  'MIT-0': 'as one likes',
  'MPL-2.0': 'unchanged; for tests and builds, not served to anyone',
  'Python-2.0': 'with its notices',
  Unlicense: 'as one likes',
}

/** The licences in the LICENSE files of packages whose manifest names none. */
const unnamed: Readonly<Record<string, string>> = { 'seq-queue': 'MIT' }

const manifest = z.object({
  license: z.union([z.string(), z.object({ type: z.string() })]).default('no licence that it names'),
  cpu: z.unknown().optional(),
  libc: z.unknown().optional(),
})

const installed = await licences()
const problems = installed
  .filter(({ licence }) => !isAllowed(licence))
  .map(
    ({ name, licence }) =>
      `${name} is under ${licence}: justify it in scripts/licences.ts, or do without it.`,
  )

if (process.argv.includes('--check')) {
  const text = existsSync(page) ? await readFile(page, 'utf8') : ''
  for (const { name } of installed)
    if (!text.includes(`\`${name}\``))
      problems.push(`${name} is not in docs/licences.md: run "pnpm licences".`)
} else {
  await writeFile(page, pageOf(installed))
}
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0

type Package = { name: string; licence: string }

/**
 * Returns every installed package of the lockfile but those for one kind of machine, whose list differs with the machine
 * and which go by the licence of the package that depends on them. `pnpm licenses` gives the same list, but a test runs
 * this, and starting pnpm through npx needs the registry.
 */
async function licences(): Promise<Package[]> {
  const lock = await readFile(path.join(repositoryRoot, 'pnpm-lock.yaml'), 'utf8')
  const [, packages = ''] = lock.split(/^packages:$/m)
  const [section = ''] = packages.split(/^snapshots:$/m)
  const keys = [...section.matchAll(/^ {2}'?((?:@[^/\s]+\/)?[^@'\s]+)@([^:'(\s]+)'?:$/gm)]
  const store = path.join(repositoryRoot, 'node_modules/.pnpm')
  const folders = await readdir(store)
  const found = new Map<string, Package>()
  for (const [, name = '', version = ''] of keys) {
    const prefix = `${name.replace('/', '+')}@${version}`
    const folder = folders.find((one) => one === prefix || one.startsWith(`${prefix}_`))
    if (folder === undefined) continue
    const file = path.join(store, folder, 'node_modules', name, 'package.json')
    const { license, cpu, libc } = manifest.parse(JSON.parse(await readFile(file, 'utf8')))
    if (cpu !== undefined || libc !== undefined) continue
    const licence = unnamed[name] ?? (typeof license === 'object' ? license.type : license)
    found.set(`${name} ${licence}`, { name, licence })
  }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

/** Of `(A OR B)` one is enough; of `A and B` both are needed. */
function isAllowed(licence: string): boolean {
  const words = licence.replace(/[()]/g, '')
  if (/ and /i.test(words)) return words.split(/ and /i).every((one) => one in allowed)
  return words.split(/ or /i).some((one) => one in allowed)
}

function pageOf(packages: readonly Package[]): string {
  const groups = Object.groupBy(packages, ({ licence }) => licence)
  const sections = Object.keys(groups)
    .sort()
    .map((licence) => {
      const names = (groups[licence] ?? []).map(({ name }) => `\`${name}\``)
      const use = allowed[licence] ?? 'under one of them'
      return `## ${licence}\n\n${use[0]?.toUpperCase()}${use.slice(1)}.\n\n${names.join(', ')}\n`
    })
  return `# Licences\n\nThe licences of every package in the lockfile, those for tests and builds included. Written by \`pnpm licences\`; a test keeps it complete.\n\n${sections.join('\n')}`
}
