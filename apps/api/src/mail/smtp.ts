import nodemailer from 'nodemailer'
import type { Env } from '../env.ts'
import type { Transport } from './mail.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Returns whether RFC 2606 reserves the domain, as those of the demo and of load tests: a mail there only bounces. */
const isReserved = (address: string): boolean => /[@.](test|invalid|example|localhost)$/i.test(address)

/**
 * Sends through the server of SMTP_URL: `smtps://` with TLS from the start, `smtp://` with STARTTLS if the server supports
 * it. A password crosses a network only within TLS.
 */
export function smtpTransport(env: Pick<Env, 'SMTP_URL' | 'MAIL_FROM'>): Transport {
  const server = new URL(env.SMTP_URL ?? '')
  const isSecure = server.protocol === 'smtps:'
  const user = decodeURIComponent(server.username)
  const transporter = nodemailer.createTransport({
    host: server.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: server.port === '' ? (isSecure ? 465 : 587) : Number(server.port),
    secure: isSecure,
    requireTLS: user !== '' && !loopback.includes(server.hostname),
    ...(user === '' ? {} : { auth: { user, pass: decodeURIComponent(server.password) } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    // no message can include a file or an address that this machine can read
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    deliver: async ({ to, subject, text, html }) => {
      if (isReserved(to)) return
      await transporter.sendMail({
        from: env.MAIL_FROM,
        to: { name: '', address: to },
        subject,
        text,
        html,
        // suppresses vacation notices
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    },
    close: () => transporter.close(),
  }
}
