import type { Mail } from './mail.ts'
import { letterTexts, type MailLanguage } from './texts.ts'

export type LetterKind = 'confirmation' | 'reset' | 'known' | 'changed'

export type Letter = {
  to: string
  /** The account's name, as the person wrote it. */
  name: string
  language: MailLanguage
  /** The page to open. */
  link: string
}

/** The message of one kind in the reader's language: a sentence or two, and one link. */
export function letter(kind: LetterKind, { to, name, language, link }: Letter): Mail {
  const words = letterTexts[language][kind]
  const greeting = letterTexts[language].greeting(shown(name))
  const { signature } = letterTexts[language]
  const text = [greeting, ...words.body, `${words.button}:\n${link}`, words.foot, signature].join('\n\n')
  return { to, subject: words.subject, text: `${text}\n`, html: toHtml(), link }

  function toHtml(): string {
    const paragraph = (content: string, style = '') => `<p style="margin:0 0 16px;${style}">${content}</p>`
    return `<!doctype html>
<html lang="${language === 'es' ? 'es-PY' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(words.subject)}</title></head>
<body style="margin:0;padding:24px 16px;background:#f7f9f9;color:#18242a;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e2e8e8;border-radius:16px">
${paragraph(escapeHtml(greeting))}
${words.body.map((line) => paragraph(escapeHtml(line))).join('\n')}
${paragraph(`<a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1a747b;color:#fff;font-weight:600;text-decoration:none">${escapeHtml(words.button)}</a>`)}
${paragraph(escapeHtml(words.foot), 'color:#4f5e60;font-size:14px')}
${paragraph(escapeHtml(signature), 'color:#4f5e60;font-size:14px')}
</div>
</body>
</html>
`
  }
}

/** A name that somebody chose goes into a mail to an address that may be another's: no link, no second line, not long. */
function shown(name: string): string {
  const line = name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return /[/@:]|www|\.\w/i.test(line) || line.length > 60 ? '' : line
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
