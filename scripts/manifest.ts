import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { formatManifest, manifestDrift, manifestFile } from '@vetcita/catalogue/manifest'
import { repositoryRoot } from '@vetcita/postgres'
import { testServer } from '@vetcita/testing'
import { makeManifest } from '@vetcita/testing/make-manifest'

/**
 * `pnpm manifest`: writes what each migration makes of a database's schema, as a throwaway server (or the one that
 * TEST_DATABASE_URL names) reports it. With `--check` it writes nothing, names what drifted, and exits with 1.
 */
const name = path.relative(repositoryRoot, manifestFile)
const server = await testServer()
try {
  const made = formatManifest(await makeManifest(server.adminUrl))
  const kept = await readFile(manifestFile, 'utf8').catch(() => '')
  if (made === kept) console.log(`${name} is up to date.`)
  else if (process.argv.includes('--check')) {
    for (const line of manifestDrift(kept, made)) console.error(line)
    console.error(`${name} is not what the migrations make: run "pnpm manifest" and review its difference.`)
    process.exitCode = 1
  } else {
    await writeFile(manifestFile, made)
    console.log(`Wrote ${name}: review its difference.`)
  }
} finally {
  await server.stop()
}
