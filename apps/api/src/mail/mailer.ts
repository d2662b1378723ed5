import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import type { Env } from '../env.ts'
import { folderTransport } from './folder.ts'
import type { Mail } from './mail.ts'
import { smtpTransport } from './smtp.ts'

export type Mailer = {
  /** Takes a message and returns at once: who asked for it is not kept waiting, and learns nothing from the time. */
  send(mail: Mail): void
  /** Lets `close` wait for what is still to become a message. */
  hold(task: Promise<unknown>): void
  /** Resolves when every message that was taken has left or has been given up; then lets go of connections. */
  close(): Promise<void>
}

/** A mail server that is busy, or does not know us yet, asks to come back: two more tries, in milliseconds. */
const patience = [2_000, 15_000]

/**
 * The one way in which the product sends mail: through SMTP where the environment names a server, into a folder where
 * it does not. A message that could not be sent is told in the log without its text or link; people can ask again.
 */
export function createMailer(env: Env, log: FastifyBaseLogger, waits: readonly number[] = patience): Mailer {
  const transport = env.SMTP_URL === undefined ? folderTransport(env, log) : smtpTransport(env)
  const pending = new Set<Promise<void>>()
  const closing = new AbortController()

  async function deliver(mail: Mail): Promise<void> {
    for (const wait of [...waits, null]) {
      try {
        return await transport.deliver(mail)
      } catch (error) {
        const about = { part: 'mail', subject: mail.subject, reason: reasonOf(error) }
        if (wait === null || closing.signal.aborted) return log.error(about, 'a mail could not be sent')
        log.warn(about, 'a mail was not taken, trying again')
        await sleep(wait, undefined, { signal: closing.signal }).catch(() => undefined)
      }
    }
  }

  function hold(task: Promise<unknown>): void {
    const held = task.then(
      () => undefined,
      (error: unknown) => log.error({ part: 'mail', err: error }, 'a mail could not be written'),
    )
    pending.add(held)
    void held.finally(() => pending.delete(held))
  }

  return {
    send: (mail) => hold(deliver(mail)),
    hold,
    async close() {
      closing.abort()
      // what is held may be about to send
      while (pending.size > 0) await Promise.all(pending)
      transport.close()
    },
  }
}

/** What a transport says of a failure; a mail server's answer may repeat an address, but never the message. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
