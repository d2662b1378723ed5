import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits for a mail to this address that contains `subject`, and returns its link. Without a mail server the API writes its
 * mails to a folder.
 */
export async function mailedLink(email: string, subject: string): Promise<string> {
  const folder = process.env.MAIL_FOLDER ?? ''
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort()
    for (const file of files.reverse()) {
      const mail = decoded(await readFile(path.join(folder, file), 'utf8'))
      const link = /https?:\/\/\S+/.exec(mail)?.[0]
      if (link !== undefined && mail.includes(`To: ${email}\n`) && mail.includes(subject)) return link
    }
    await sleep(50)
  }
  throw new Error(`No mail to ${email} about "${subject}"`)
}

/** Joins soft line breaks and decodes quoted-printable text and encoded words. */
function decoded(source: string): string {
  const bytes = source
    .replaceAll('=\n', '')
    .replace(/=\?UTF-8\?Q\?(.*?)\?=/gi, (_whole, words: string) => words.replaceAll('_', ' '))
    .replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
