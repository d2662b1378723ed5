import { readFileSync } from 'node:fs'
import path from 'node:path'
import { repositoryRoot } from '@vetcita/postgres'
import { expect } from 'vitest'

/** The runbook's blocks without a language, which show what commands print. */
const blocks = readFileSync(path.join(repositoryRoot, 'docs/runbook.md'), 'utf8')
  .split(/^```/m)
  .filter((text, at) => at % 2 === 1 && text.startsWith('\n'))
  .map((text) => text.trim().split('\n'))

/**
 * Expects a run to have printed each line of the runbook's block that begins with `first`, ignoring numbers and column
 * widths. If the runbook ends a line with …, only its beginning has to match.
 */
export function expectAsInRunbook(output: string, first: string): void {
  const block = blocks.find(([line = '']) => line.startsWith(first))
  expect(block, `the runbook's block "${first}"`).toBeDefined()
  const printed = output.split('\n').map(plain)
  const missing = (block ?? []).filter((line) => {
    const wanted = plain(line)
    return wanted.endsWith('…')
      ? !printed.some((one) => one.startsWith(wanted.slice(0, -1).trimEnd()))
      : !printed.includes(wanted)
  })
  expect(missing, 'lines of the runbook that were not printed').toEqual([])
}

function plain(line: string): string {
  return line
    .replace(/\d+(\.\d+)?/g, '#')
    .replace(/@\S+/g, '@…')
    .replace(/[ -]+/g, ' ')
    .trim()
}
