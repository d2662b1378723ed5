/** Something that a person is told in a sentence, with exit code 1; never a bug, so no stack is printed. */
export class Failure extends Error {
  override readonly name = 'Failure'
  /** What to do about it, where there is something. */
  readonly hint: string | undefined

  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** Whatever was thrown, as text without a stack. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // fetch itself says no more than that it failed
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message
}
