import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import os from 'node:os'
import process from 'node:process'

/** The user whom the server runs as; without `ids`, the current user. */
export type ServerUser = { name: string; ids?: { uid: number; gid: number } }

/**
 * Returns the user to run the server as. PostgreSQL refuses to run as root, so root uses the system user `postgres`,
 * creates it if it is missing, and falls back to `nobody` if it cannot (no `useradd` in a slim image). Any other user
 * runs the server as themselves.
 *
 * @throws Error with one sentence if there is no user for root to use
 */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return { name: os.userInfo().username }
  const known = idsOf('postgres')
  if (known) return { name: 'postgres', ids: known }
  spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    'postgres',
  ])
  const made = idsOf('postgres')
  if (made) return { name: 'postgres', ids: made }
  const nobody = idsOf('nobody')
  if (nobody) return { name: 'nobody', ids: nobody }
  throw new Error(
    'PostgreSQL refuses to run as root and there is no user "postgres" to run it as: create one (useradd --system postgres), or run this as a plain user.',
  )
}

/** Whether `user` may enter (`x`), read (`r`) or write (`w`) a path. The system decides, so ACLs count. */
export function reachable(user: ServerUser, target: string, access: 'r' | 'w' | 'x'): boolean {
  if (user.ids) {
    return spawnSync('test', [`-${access}`, target], { ...user.ids, cwd: '/' }).status === 0
  }
  try {
    accessSync(target, { r: constants.R_OK, w: constants.W_OK, x: constants.X_OK }[access])
    return true
  } catch {
    return false
  }
}

function idsOf(name: string): { uid: number; gid: number } | undefined {
  const number = (flag: string) => {
    const result = spawnSync('id', [flag, name], { encoding: 'utf8' })
    return result.status === 0 ? Number.parseInt(result.stdout, 10) : undefined
  }
  const uid = number('-u')
  const gid = number('-g')
  return uid === undefined || gid === undefined || uid === 0 ? undefined : { uid, gid }
}
