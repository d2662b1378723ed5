import type pg from 'pg'
import type { NoticeListener } from './runner.ts'
import { noticeText } from './runner.ts'

/** Runs a script on a connection of this process, as one message. A failed script leaves no transaction open. */
export async function runByNode(client: pg.Client, sql: string, onNotice: NoticeListener): Promise<void> {
  const listener = (notice: Parameters<typeof noticeText>[0]) => onNotice(noticeText(notice))
  client.on('notice', listener)
  try {
    await client.query(sql)
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.removeListener('notice', listener)
  }
}
