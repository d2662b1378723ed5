import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/**
 * `node scripts/licences.ts` writes docs/licences.md: the licence of every package in the lockfile. With `--check` it
 * writes nothing, and ends with 1 where a licence is not allowed or a package is not listed.
 */

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const page = path.join(root, 'docs/licences.md')

/** What may be used, and as what. Weaker than the GPL all of them: none asks anything of our own sources. */
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
  'MPL-2.0': 'unchanged; for tests and builds, not served to anybody',
  'Python-2.0': 'with its notices',
  Unlicense: 'as one likes',
}

/** What a package that names no licence says in its LICENSE file. */
const told: Readonly<Record<string, string>> = { 'seq-queue': 'MIT' }

const installed = await licences()
const problems = installed
  .filter(({ licence }) => !isAllowed(licence))
  .map(
    ({ name, licence }) =>
      `${name} is under ${licence}: argue for it in scripts/licences.ts, or do without it.`,
  )

if (process.argv.includes('--check')) {
  const listed = existsSync(page) ? await readFile(page, 'utf8') : ''
  for (const { name } of installed)
    if (!listed.includes(`\`${name}\``))
      problems.push(`${name} is not in docs/licences.md: run "pnpm licences".`)
} else {
  await writeFile(page, pageOf(installed))
}
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.exitCode = problems.length > 0 ? 1 : 0

type Package = { name: string; licence: string }

/** Every package of the lockfile that is installed here; those for other machines are not, and are left out. */
async function licences(): Promise<Package[]> {
  const lock = await readFile(path.join(root, 'pnpm-lock.yaml'), 'utf8')
  const [, packages = ''] = lock.split(/^packages:$/m)
  const [section = ''] = packages.split(/^snapshots:$/m)
  const keys = [...section.matchAll(/^ {2}'?((?:@[^/\s]+\/)?[^@'\s]+)@([^:'(\s]+)'?:$/gm)]
  const store = path.join(root, 'node_modules/.pnpm')
  const folders = await readdir(store)
  const found = new Map<string, Package>()
  for (const [, name = '', version = ''] of keys) {
    const prefix = `${name.replace('/', '+')}@${version}`
    const folder = folders.find((one) => one === prefix || one.startsWith(`${prefix}_`))
    if (folder === undefined) continue
    const manifest: unknown = JSON.parse(
      await readFile(path.join(store, folder, 'node_modules', name, 'package.json'), 'utf8'),
    )
    // a variant for one kind of machine goes by the licence of what asks for it
    if (!isForOneMachine(manifest)) found.set(name, { name, licence: told[name] ?? licenceOf(manifest) })
  }
  return [...found.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
}

function isForOneMachine(manifest: unknown): boolean {
  return typeof manifest === 'object' && manifest !== null && ('cpu' in manifest || 'libc' in manifest)
}

function licenceOf(manifest: unknown): string {
  if (typeof manifest !== 'object' || manifest === null || !('license' in manifest))
    return 'no licence that it names'
  const { license } = manifest
  if (typeof license === 'string') return license
  return typeof license === 'object' && license !== null && 'type' in license ? String(license.type) : 'none'
}

/** `(A OR B)`: one of them is enough. `A and B`: all of them. */
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
  return `# Licences\n\nOf every package in the lockfile, tests’ and builds’ included; written by \`pnpm licences\`, kept complete by a test.\n\n${sections.join('\n')}`
}
