import process from 'node:process'
import { styleText } from 'node:util'
import { type Cell, formatTable } from './table.ts'

/** The verdict of a check. A `warning` is left to the user's judgement and does not fail the command. */
export type Verdict = 'ok' | 'failed' | 'warning' | 'unknown'

/** A check and its result. */
export type Check = { name: string; verdict: Verdict; detail?: string }

/** A command's output: lines for people, or with `--json` only one document for programs. */
export type Output = {
  readonly json: boolean
  /** Writes a line to standard output, except with `--json`. */
  say(text?: string): void
  /** Writes a line in bold. */
  heading(text: string): void
  /** Writes a line about progress to standard error, except with `--json`. */
  note(text: string): void
  table(columns: readonly string[], rows: readonly (readonly Cell[])[]): void
  /** Writes `✓ name`, `✗ name: detail` and so on. */
  check(check: Check): void
  /**
   * Runs work, and shows on standard error that it is running if it takes longer than a second: as a spinner on a terminal,
   * or else as a line from time to time. Shows nothing with `--json`.
   */
  progress<T>(text: string, work: () => Promise<T>): Promise<T>
  /** Writes the result for programs as one line of JSON, only with `--json`. */
  document(value: object): void
}

const signs: Readonly<Record<Verdict, { sign: string; format: Parameters<typeof styleText>[0] }>> = {
  ok: { sign: '✓', format: 'green' },
  failed: { sign: '✗', format: 'red' },
  warning: { sign: '!', format: 'yellow' },
  unknown: { sign: '?', format: 'dim' },
}

/** Shorter work gets no progress line. */
const patienceS = 1

/** How often a log gets a progress line. */
const betweenLinesS = 15

/** Returns a command's output. Colours appear only on a terminal, and not with `NO_COLOR`. */
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
