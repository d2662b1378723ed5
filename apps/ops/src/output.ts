import process from 'node:process'
import { styleText } from 'node:util'
import { type Cell, formatTable } from './table.ts'

/** The verdict on one thing: `warning` is for a person to judge and fails nothing. */
export type Verdict = 'ok' | 'failed' | 'warning' | 'unknown'

/** One thing that was checked, and the result. */
export type Check = { name: string; verdict: Verdict; detail?: string }

/** Where a command writes: lines for people, or with `--json` one document for programs and nothing else. */
export type Output = {
  readonly json: boolean
  /** A line on standard output; nothing with `--json`. */
  say(text?: string): void
  /** A line in bold. */
  heading(text: string): void
  /** A line on standard error about progress; nothing with `--json`. */
  note(text: string): void
  table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void
  /** `✓ name`, `✗ name: detail` and so on. */
  check(check: Check): void
  /**
   * Shows the running work once it has taken longer than a second: a spinner with the seconds on a terminal, or a line
   * now and then elsewhere; on standard error, and not with `--json`.
   */
  progress<T>(text: string, work: () => Promise<T>): Promise<T>
  /** The result for programs: one line of JSON with `--json`, else nothing. */
  document(value: object): void
}

const signs: Readonly<Record<Verdict, { sign: string; format: Parameters<typeof styleText>[0] }>> = {
  ok: { sign: '✓', format: 'green' },
  failed: { sign: '✗', format: 'red' },
  warning: { sign: '!', format: 'yellow' },
  unknown: { sign: '?', format: 'dim' },
}

/** Work that takes less needs no progress line. */
const patienceS = 1

/** How often a log gets a line while the work goes on. */
const betweenLinesS = 15

/** Returns a command's output. Colours appear on a terminal only, and not with `NO_COLOR`. */
export function createOutput(json: boolean): Output {
  const write = (text: string) => {
    if (!json) process.stdout.write(`${text}\n`)
  }
  return {
    json,
    say: (text = '') => write(text),
    heading: (text) => write(styleText('bold', text, { stream: process.stdout })),
    note: (text) => {
      if (!json) process.stderr.write(`${text}\n`)
    },
    table: (columns, rows) => write(formatTable(columns, rows)),
    check: ({ name, verdict, detail }) => {
      const { sign, format } = signs[verdict]
      const text = detail === undefined ? name : `${name}: ${detail}`
      write(`${styleText(format, sign, { stream: process.stdout })} ${text}`)
    },
    progress: async (text, work) => {
      const begun = Date.now()
      const seconds = () => Math.round((Date.now() - begun) / 1000)
      let shown: { text: string; stop(): unknown } | undefined
      let silentUntil = patienceS
      let ended = false
      const tick = setInterval(() => {
        if (json || ended) return
        if (shown !== undefined) shown.text = `${text} (${seconds()} s)`
        else if (!process.stderr.isTTY && seconds() >= silentUntil) {
          process.stderr.write(`… ${text} (${seconds()} s)\n`)
          silentUntil = seconds() + betweenLinesS
        }
      }, 1_000)
      const spin = setTimeout(async () => {
        if (json || !process.stderr.isTTY) return
        const { default: ora } = await import('ora')
        if (!ended) shown = ora({ text, stream: process.stderr, discardStdin: false }).start()
      }, patienceS * 1_000)
      try {
        return await work()
      } finally {
        ended = true
        clearInterval(tick)
        clearTimeout(spin)
        shown?.stop()
      }
    },
    document: (value) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`)
    },
  }
}
