import { pinnedSession } from '@vetcita/connection/session'
import type { Target } from '../database.ts'
import { libpqEnvironment, runProgram } from '../libpq.ts'
import { withoutSecrets } from '../secrets.ts'
import { ScriptFailure } from './locks.ts'
import type { NoticeListener } from './runner.ts'

/** `psql:<stdin>:7: NOTICE:  00000: text`, as psql writes with VERBOSITY=verbose. */
const message = /^(?:psql:<stdin>:(?<line>\d+): )?(?<severity>[^\s:]+):\s+(?<code>[0-9A-Z]{5}): (?<text>.*)$/

/**
 * Runs a script with psql, in a new session that stops at the first error.
 *
 * @throws ScriptFailure with the SQLSTATE, which psql prints only in verbose mode
 */
export async function runByPsql(
  target: Target,
  sql: string,
  onNotice: NoticeListener,
  signal?: AbortSignal,
): Promise<void> {
  const { code, stderr } = await runProgram(
    'psql',
    ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--set=VERBOSITY=verbose', '--file=-'],
    // on the script's first line, so that an error's line number is the file's
    {
      env: libpqEnvironment(target),
      ...(signal ? { signal } : {}),
      input: `${pinnedSession({ lock_timeout: '0' })} ${sql}`,
    },
  )
  let sqlState: string | undefined
  const problems: string[] = []
  for (const line of stderr.split('\n')) {
    const found = message.exec(line)?.groups
    if (found === undefined) {
      if (sqlState !== undefined && line.trim() !== '' && !line.startsWith('LOCATION:')) problems.push(line)
      continue
    }
    const { severity = '', code: state = '', text = '', line: at } = found
    // 00 and 01 are the classes of success and warning
    if (/^0[01]/.test(state)) onNotice(withoutSecrets(`${severity}:  ${text}`))
    else {
      sqlState = state
      problems.push(at === undefined ? text : `${text} (line ${at})`)
    }
  }
  if (code !== 0)
    throw new ScriptFailure(problems.join('\n') || stderr.trim() || `psql ended with ${code}`, sqlState)
}
