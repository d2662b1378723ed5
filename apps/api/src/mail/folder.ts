import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FastifyBaseLogger } from 'fastify'
import nodemailer from 'nodemailer'
import type { Env } from '../env.ts'
import type { Transport } from './mail.ts'

/**
 * Writes each message to a file that mail programs open and only this user can read. The log names the file and the link,
 * so that the product can be tried on one machine without a mail server.
 */
export function folderTransport(
  env: Pick<Env, 'MAIL_FOLDER' | 'MAIL_FROM'>,
  log: FastifyBaseLogger,
): Transport {
  const folder = path.resolve(env.MAIL_FOLDER)
  const writer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'unix' })
  return {
    deliver: async ({ to, subject, text, html, link }) => {
      const { message } = await writer.sendMail({
        from: env.MAIL_FROM,
        to: { name: '', address: to },
        subject,
        text,
        html,
      })
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const stamp = new Date().toISOString().replaceAll(':', '-')
      const file = path.join(folder, `${stamp}-${randomBytes(3).toString('hex')}.eml`)
      await writeFile(file, message, { mode: 0o600 })
      log.warn(
        { part: 'mail', to, subject, file, link },
        'SMTP_URL is not set: the mail was written to a file',
      )
    },
    close: () => writer.close(),
  }
}
