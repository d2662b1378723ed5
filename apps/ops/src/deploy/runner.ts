import { serverMessage } from '@vetcita/schema-engine/server-message'

/** Receives each notice in psql's format: `NOTICE:  text`. */
export type NoticeListener = (text: string) => void

/** Returns a notice of `pg` in psql's format. */
export function noticeText(notice: Parameters<typeof serverMessage>[0]): string {
  return serverMessage({ severity: notice.severity ?? 'NOTICE', message: notice.message })
}
