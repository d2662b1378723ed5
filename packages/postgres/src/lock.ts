import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

const BUSY = 5

/**
 * Runs `work` while this process holds the lock `file`. SQLite locks the file in the kernel, which releases the lock
 * however the process ends, so that no lock file can be stale.
 *
 * @throws Error with one sentence if another process holds the lock for longer than `patienceMs`
 */
export async function withLock<T>(file: string, work: () => Promise<T>, patienceMs = 120_000): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true })
  const release = await acquire(file, patienceMs)
  try {
    return await work()
  } finally {
    release()
  }
}

async function acquire(file: string, patienceMs: number): Promise<() => void> {
  const deadline = Date.now() + patienceMs
  const lock = new DatabaseSync(file, { timeout: 0 })
  for (;;) {
    try {
      lock.exec('begin exclusive')
      return () => lock.close()
    } catch (error) {
      if (
        !(error instanceof Error && 'errcode' in error && error.errcode === BUSY) ||
        Date.now() > deadline
      ) {
        lock.close()
        throw new Error(
          `Could not lock ${file} within ${patienceMs / 1000} s: another start or stop of the same server seems to hang; end that process and try again.`,
          { cause: error },
        )
      }
      await sleep(50)
    }
  }
}
