import process from 'node:process'
import { inspect } from 'node:util'
import { databaseMessage, sqlStateOf } from './database.ts'
import { Failure } from './failure.ts'
import { createOutput, type Output } from './output.ts'
import { withoutSecrets } from './secrets.ts'

/** A command's result: `ok` decides the exit code, the rest is its `--json` document. */
export type Outcome = { ok: boolean; [key: string]: unknown }

/**
 * Runs a command and sets the exit code: 0 if all is well, 1 if a problem was found or the work failed (2, for wrong
 * usage, is set by `run`). With `--json` the result is one document on standard output, also after a failure:
 * `{"ok": false, "error": …}`.
 */
export async function runCommand(
  options: { json?: true | undefined },
  work: (out: Output) => Promise<Outcome>,
): Promise<void> {
  const out = createOutput(options.json === true)
  try {
    const outcome = await work(out)
    out.document(outcome)
    process.exitCode = outcome.ok ? 0 : 1
  } catch (error) {
    process.exitCode = 1
    const sqlState = sqlStateOf(error)
    const message = withoutSecrets(databaseMessage(error))
    if (!(error instanceof Failure) && sqlState === undefined) {
      out.document({ ok: false, error: message })
      if (!out.json) console.error(withoutSecrets(inspect(error)))
      return
    }
    const hint = error instanceof Failure ? error.hint : undefined
    out.document({ ok: false, error: message, hint, sqlState })
    out.note(message)
    if (hint !== undefined) out.note(hint)
  }
}
