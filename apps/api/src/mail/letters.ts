import type { Mail } from './mail.ts'
import { letterTexts, type MailLanguage } from './texts.ts'

export type LetterKind = 'confirmation' | 'reset' | 'known' | 'changed'

export type Letter = {
  to: string
  /** The account's name, as its user typed it. */
  name: string
  language: MailLanguage
  /** The page that the button opens. */
  link: string
}

/** Returns the mail of one kind in the reader's language: a sentence or two, and one link. */
export function letter(kind: LetterKind, { to, name, language, link }: Letter): Mail {
  const texts = letterTexts[language][kind]
  const greeting = letterTexts[language].greeting(harmlessName(name))
  const { signature } = letterTexts[language]
  const text = [greeting, ...texts.body, `${texts.button}:\n${link}`, texts.foot, signature].join('\n\n')
  return { to, subject: texts.subject, text: `${text}\n`, html: toHtml(), link }

  function toHtml(): string {
    const paragraph = (content: string, style = '') => `<p style="margin:0 0 16px;${style}">${content}</p>`
    return `<!doctype html>
<html lang="${language === 'es' ? 'es-PY' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(texts.subject)}</title></head>
<body style="margin:0;padding:24px 16px;background:#f7f9f9;color:#18242a;font:16px/1.5 system-ui,sans-serif">
<div style="max-width:480px;margin:0 auto;padding:24px;background:#fff;border:1px solid #e2e8e8;border-radius:16px">
${paragraph(escapeHtml(greeting))}
${texts.body.map((line) => paragraph(escapeHtml(line))).join('\n')}
${paragraph(`<a href="${escapeHtml(link)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1a747b;color:#fff;font-weight:600;text-decoration:none">${escapeHtml(texts.button)}</a>`)}
${paragraph(escapeHtml(texts.foot), 'color:#4f5e60;font-size:14px')}
${paragraph(escapeHtml(signature), 'color:#4f5e60;font-size:14px')}
</div>
</body>
</html>
`
  }
}

/**
 * Returns a name as one line, or nothing if it is long or could be a link. Anyone can choose a name and sign up with an
 * address that is another person's, who would then read the name in our mail.
 */
function harmlessName(name: string): string {
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
