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
  return error instanceof Error ? error.message : String(error)
}
