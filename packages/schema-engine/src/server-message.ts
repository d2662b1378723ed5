/** The parts of a notice or error of the server that people read. */
type Parts = {
  severity?: string | undefined
  message?: string | undefined
  detail?: string | undefined
  hint?: string | undefined
  where?: string | undefined
}

/**
 * A notice or error as psql shows it: `NOTICE:  text` (an error without its severity), and where there are such,
 * `LINE:`, `DETAIL:`, `HINT:` and an error's `CONTEXT:` on lines of their own.
 *
 * @param line line of the script that the server points at, from 1
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
