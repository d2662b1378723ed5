import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from '../env.ts'
import { folderTransport } from './folder.ts'
import type { Mail } from './mail.ts'
import { smtpTransport } from './smtp.ts'

export type Mailer = {
  /** Accepts a message and returns at once, so that the time of an answer reveals nothing about a mail. */
  send(mail: Mail): void
  /** Makes `close` wait for a task that may still send a message. */
  hold(task: Promise<unknown>): void
  /** Resolves when every accepted message has been sent or given up, and closes the connections. */
  close(): Promise<void>
}

/** The milliseconds before each retry. A server that is busy or greylists unknown senders accepts a mail later. */
const retryDelays = [2_000, 15_000]

/**
 * Creates the mailer: through SMTP if the environment names a server, otherwise into a folder. A message that could not be
 * sent is logged without its text or link; users can request another one.
 */
export function createMailer(
  env: Env,
  log: FastifyBaseLogger,
  delays: readonly number[] = retryDelays,
): Mailer {
  const transport = env.SMTP_URL === undefined ? folderTransport(env, log) : smtpTransport(env)
  const pending = new Set<Promise<void>>()
  const closing = new AbortController()

  async function deliver(mail: Mail): Promise<void> {
    for (const delay of [...delays, null]) {
      try {
        return await transport.deliver(mail)
      } catch (error) {
        const about = { part: 'mail', subject: mail.subject, reason: reasonOf(error) }
        if (delay === null || closing.signal.aborted) return log.error(about, 'mail could not be sent')
        log.warn(about, 'mail was not accepted, retrying')
        await sleep(delay, undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
  }

  function hold(task: Promise<unknown>): void {
    const held = task.then(
      () => undefined,
      (error: unknown) => log.error({ part: 'mail', err: error }, 'mail could not be written'),
    )
    pending.add(held)
    void held.finally(() => pending.delete(held))
  }

  return {
    send: (mail) => hold(deliver(mail)),
    hold,
    async close() {
      closing.abort()
      // a held task may add a message while it is waited for
      while (pending.size > 0) await Promise.all(pending)
      transport.close()
    },
  }
}

/** Returns a transport's error message: a mail server's answer may repeat an address, but never the mail. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
