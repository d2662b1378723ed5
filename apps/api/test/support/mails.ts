import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A mail as its reader sees it. */
export type ReadMail = {
  to: string
  subject: string
  text: string
  html: string
  link: string
  token: string
}

/** Returns the mails in a folder, oldest first, once there are enough; mails are written after the request is answered. */
export async function readMails(folder: string, atLeast: number): Promise<ReadMail[]> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort()
    const sources = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')))
    // a file may still be being written
    if (sources.length >= atLeast && sources.every(isWhole)) return sources.map(readMail)
    await sleep(20)
  }
  throw new Error(`Fewer than ${atLeast} mails in ${folder}`)
}

/** Parses a mail with a plain and an HTML part. */
export function readMail(source: string): ReadMail {
  const lines = source.replaceAll('\r\n', '\n')
  const header = (name: string) => new RegExp(`^${name}: ((?:.|\n[ \t])*)`, 'm').exec(lines)?.[1] ?? ''
  const part = (type: string) => {
    const [, rest = ''] = lines.split(`Content-Type: ${type};`)
    const [head = '', ...body] = rest.split('\n\n')
    const [content = ''] = body.join('\n\n').split('\n----')
    if (/base64/.test(head)) return Buffer.from(content, 'base64').toString()
    return /quoted-printable/.test(head) ? unquote(content) : content
  }
  const text = part('text/plain')
  const link = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
  const [, token = ''] = link.split('#token=')
  const subject = header('Subject').replace(/=\?UTF-8\?(Q|B)\?(.*?)\?=\s*/gi, (_whole, kind, words) =>
    kind === 'B' ? Buffer.from(words, 'base64').toString() : unquote(words.replaceAll('_', ' ')),
  )
  return { to: header('To'), subject, text, html: part('text/html'), link, token }
}

const isWhole = (source: string) => /\n--[^\n]+--\s*$/.test(source)

function unquote(text: string): string {
  const bytes = text
    .replaceAll('=\n', '')
    .replace(/=([0-9A-F]{2})/g, (_whole, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
