import path from 'node:path'
import process from 'node:process'
import { Command } from '@commander-js/extra-typings'
import { dumpDatabase, planDump, verifyDump } from '../backup/dump.ts'
import { runCommand } from '../command.ts'
import { describeTarget, readTarget } from '../database.ts'
import type { Output } from '../output.ts'

export const backupCommand = new Command('backup')
  .description('dump the database to backup_pre_088_090_<timestamp>.sql')
  .option('--verify', 'restore it into a scratch database and compare the rows')
  .option('--folder <path>', 'where the file goes', '.')
  .option('--dry-run', 'print what it would dump and where to, write nothing')
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const target = readTarget()
      const file = path.resolve(options.folder, `backup_pre_088_090_${timestamp(new Date())}.sql`)
      if (options.dryRun) {
        const { pgDump, args, leftOut, needs } = await planDump(target)
        out.say(`It would write ${file}: ${pgDump} of ${describeTarget(target)}`)
        out.say(`pg_dump ${args.join(' ')}`)
        for (const need of needs) sayNeed(need, out)
        return { ok: true, dryRun: true, file, pgDump, args, leftOut, needs }
      }
      // it contains personal data, so no other user of this machine may read it
      process.umask(0o077)
      out.note(`Dumping ${describeTarget(target)}`)
      const dump = await out.progress('pg_dump', () => dumpDatabase(target, file))
      out.say(`${file} (${dump.bytes} bytes, ${dump.pgDump})`)
      if (dump.leftOut.length > 0)
        out.note(`Left out, as the platform manages them: ${dump.leftOut.join(', ')}`)
      for (const need of dump.needs) sayNeed(need, out)
      if (!options.verify) return { ok: true, file, ...dump }
      const verified = await out.progress('Restoring into a scratch database', () => verifyDump(target, file))
      const rows = verified.tables.reduce((sum, table) => sum + table.rows, 0)
      const same = verified.differing.length === 0
      out.check({
        name: `Restores: ${verified.tables.length} tables, ${rows} rows`,
        verdict: same ? 'ok' : 'warning',
        ...(same
          ? {}
          : { detail: `rows differ in ${verified.differing.join(', ')}, written since the dump began` }),
      })
      const analyzed = verified.neverAnalyzed.length === 0
      if (!analyzed)
        out.check({
          name: `Not analyzed: ${verified.neverAnalyzed.join(', ')}`,
          verdict: 'failed',
        })
      return { ok: analyzed, file, ...dump, ...verified }
    })
  })

/** A policy or a view may use what the platform has; a key into its tables is made only where they are. */
function sayNeed(need: string, out: Output): void {
  out.check({ name: need, verdict: 'warning', detail: 'it restores only where that is' })
}

/** `20260115_093000`, as `date +%Y%m%d_%H%M%S` prints it. */
function timestamp(now: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`
  return `${day}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`
}
