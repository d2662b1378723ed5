import type pg from 'pg'

/** Signs a user in: an account with this id, and an open session with this token. */
export async function signIn(admin: pg.Client, userId: string, token: string): Promise<void> {
  await admin.query(`insert into login."user" (id, name, email) values ($1, 'Person', $2)`, [
    userId,
    `${userId}@example.com`,
  ])
  await admin.query(
    `insert into login.session (user_id, token, expires_at) values ($1, $2, now() + interval '1 hour')`,
    [userId, token],
  )
}
