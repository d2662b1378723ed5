import { spawn } from 'node:child_process'
import { Failure } from './failure.ts'

const programs: readonly (readonly [string, ...string[]])[] = [
  ['pbcopy'],
  ['wl-copy'],
  ['xclip', '-selection', 'clipboard'],
  ['xsel', '--clipboard', '--input'],
  ['clip.exe'],
]

/**
 * Copies a text to the clipboard with the first of the usual programs that works.
 *
 * @throws Failure if none does
 */
export async function copyToClipboard(text: string): Promise<void> {
  for (const [name, ...args] of programs) if (await feed(name, args, text)) return
  throw new Failure(
    'No program here can reach a clipboard (pbcopy, wl-copy, xclip, xsel, clip.exe).',
    'Use --output <file>, or print the script without --copy.',
  )
}

function feed(name: string, args: string[], text: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(name, args, { stdio: ['pipe', 'ignore', 'ignore'] })
    child.once('error', () => resolve(false))
    child.once('close', (code) => resolve(code === 0))
    child.stdin.on('error', () => {})
    child.stdin.end(text)
  })
}
