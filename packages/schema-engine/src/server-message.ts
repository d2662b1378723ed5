/** The parts of a server's notice or error that are shown. */
type Parts = {
  severity?: string | undefined
  message?: string | undefined
  detail?: string | undefined
  hint?: string | undefined
  where?: string | undefined
}

/**
 * Formats a notice or error as psql does: `NOTICE:  text` (an error without its severity), followed by lines for `LINE:`,
 * `DETAIL:`, `HINT:` and an error's `CONTEXT:`, if any.
 *
 * @param line the script's line that the server refers to, from 1
 */
export function serverMessage({ severity, message = '', detail, hint, where }: Parts, line?: number): string {
  const parts = [
    ['LINE', line],
    ['DETAIL', detail],
    ['HINT', hint],
    ['CONTEXT', severity === undefined ? where : undefined],
  ].flatMap(([name, text]) => (text === undefined ? [] : [`${name}:  ${text}`]))
  return [severity === undefined ? message : `${severity}:  ${message}`, ...parts].join('\n')
}
