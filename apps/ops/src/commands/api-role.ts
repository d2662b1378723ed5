import process from 'node:process'
import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import pg from 'pg'
import { apiLoginPattern, apiRoleSql, loginFor } from '../catalogue/api-role.ts'
import { runCommand } from '../command.ts'
import { describeTarget, readTarget, withClient } from '../database.ts'

export const apiRoleCommand = new Command('api-role')
  .description("let the API's login into this database; run it again after each deploy")
  .option('--login <name>', 'the login, for a second database on one server', (name) => {
    if (apiLoginPattern.test(name)) return name
    throw new InvalidArgumentError('It has to be vetcita_api, or to begin with vetcita_api_.')
  })
  .option('--dry-run', 'print the SQL, change nothing')
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const target = readTarget()
      return await withClient(target, async (client) => {
        const login = options.login ?? (await loginFor(client))
        const sql = `set vetcita.api_login = ${pg.escapeLiteral(login)};\n${apiRoleSql()}`
        if (options.dryRun) {
          out.say(sql)
          return { ok: true, dryRun: true, login, sql }
        }
        await client.query(sql)
        const { API_PASSWORD: password } = process.env
        if (password)
          await client.query(
            `alter role ${pg.escapeIdentifier(login)} password ${pg.escapeLiteral(password)}`,
          )
        out.say(`✅ ${login} may log in to ${describeTarget(target)}`)
        if (!password)
          out.note(
            `If it has no password yet: psql "$DIRECT_URL" -c '\\password ${login}', or run this with API_PASSWORD set. DATABASE_URL names ${login}.`,
          )
        return { ok: true, login }
      })
    })
  })
