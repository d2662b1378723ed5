import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

interface Chunk {
  fileName: string
  code: string
  imports: readonly string[]
  isEntry: boolean
  facadeModuleId: string | null
}

/** A page, named by its route file, and the size of its scripts, gzipped, in kilobytes of 1000 bytes. */
export interface Weight {
  route: string
  kilobytes: number
}

const PAGE = /\/src\/routes\/(.+)\.tsx\?tsr-split=component$/

/**
 * Returns what a browser has to load before each page shows: the entry, the layouts around the page, the page, and
 * their static imports. What loads later, such as dialogs, does not count.
 */
export function pageWeights(chunks: readonly Chunk[]): Weight[] {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const entries = chunks.filter((chunk) => chunk.isEntry)
  const parts = new Map<string, Chunk>()
  for (const chunk of chunks) {
    const [, name] = PAGE.exec(chunk.facadeModuleId ?? '') ?? []
    if (name !== undefined) parts.set(name, chunk)
  }
  const layoutsOf = (name: string) =>
    [...parts].flatMap(([other, chunk]) =>
      other.endsWith('/route') && name.startsWith(`${path.posix.dirname(other)}/`) ? [chunk] : [],
    )
  const pages = [...parts].filter(([name]) => !name.endsWith('/route'))
  return pages
    .map(([name, page]) => {
      const files = closure([...entries, ...layoutsOf(name), page], byFile)
      const bytes = [...files].reduce((sum, file) => sum + gzippedSize(byFile.get(file)), 0)
      return { route: `/${name.replace(/(^|[/.])index$/, '')}`, kilobytes: bytes / 1000 }
    })
    .sort((one, other) => other.kilobytes - one.kilobytes)
}

function closure(roots: readonly Chunk[], byFile: ReadonlyMap<string, Chunk>): Set<string> {
  const found = new Set<string>()
  const visit = (chunk: Chunk | undefined) => {
    if (chunk === undefined || found.has(chunk.fileName)) return
    found.add(chunk.fileName)
    for (const file of chunk.imports) visit(byFile.get(file))
  }
  for (const root of roots) visit(root)
  return found
}

function gzippedSize(chunk: Chunk | undefined): number {
  return chunk === undefined ? 0 : gzipSync(chunk.code).length
}

/** Prints each page's weight after a build; fails the build if one is over the budget, or if no page was found. */
export function sizeBudget(kilobytes: number): Plugin {
  return {
    name: 'size-budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const chunks = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [file] : []))
      const weights = pageWeights(chunks)
      const table = weights.map(({ route, kilobytes: size }) => `${size.toFixed(1).padStart(7)} kB  ${route}`)
      console.log(['', `JavaScript per page, gzipped, of at most ${kilobytes} kB:`, ...table, ''].join('\n'))
      const tooHeavy = weights.filter((page) => page.kilobytes > kilobytes)
      if (weights.length === 0) this.error('No pages found: have the routes moved?')
      if (tooHeavy.length > 0) {
        const routes = tooHeavy.map(({ route }) => route).join(', ')
        this.error(`Over the budget of ${kilobytes} kB of JavaScript: ${routes}`)
      }
    },
  }
}
