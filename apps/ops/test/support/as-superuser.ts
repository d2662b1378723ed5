import pg from 'pg'

/** Runs statements, as one message, as whoever the URL names: mostly the superuser. */
export async function asSuperuser(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
