import { withClient } from '@vetcita/postgres'

/** Runs statements as one message, as the user in the URL, usually the superuser. */
export async function asSuperuser(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql))
}
