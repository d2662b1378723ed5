import nodemailer from 'nodemailer'
import type { Env } from '../env.ts'
import type { Transport } from './mail.ts'

const loopback = ['localhost', '127.0.0.1', '[::1]']

/** Domains that by RFC 2606 nobody has, such as those of the demo and of load tests: a mail there only bounces. */
const isNobodys = (address: string): boolean => /[@.](test|invalid|example|localhost)$/i.test(address)

/**
 * Sends through the server of SMTP_URL: `smtps://` with TLS from the start, `smtp://` with STARTTLS where the server
 * has it. A password crosses a network only inside of TLS.
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
    // neither a file nor an address of ours can be made part of a message
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    deliver: async ({ to, subject, text, html }) => {
      if (isNobodys(to)) return
      await transporter.sendMail({
        from: env.MAIL_FROM,
        to: { name: '', address: to },
        subject,
        text,
        html,
        // no vacation notice answers a machine
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    },
    close: () => transporter.close(),
  }
}
