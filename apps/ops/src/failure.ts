/** An expected failure, reported to the user as a sentence and exit code 1, without a stack trace. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** What to do about it, if anything. */
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** Returns the message of anything thrown, without a stack trace. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // fetch reports only that it failed; the reason is the cause
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
