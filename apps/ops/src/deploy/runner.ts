import { serverMessage } from '@vetcita/schema-engine/server-message'

/** Hears each notice, as psql shows it: `NOTICE:  text`. */
export type NoticeListener = (text: string) => void

/** A notice of `pg` as psql shows it. */
export function noticeText(notice: Parameters<typeof serverMessage>[0]): string {
  return serverMessage({ severity: notice.severity ?? 'NOTICE', message: notice.message })
}
