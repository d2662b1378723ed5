/** The text of a `create function`, taken apart. */
export type FunctionText = {
  /** `book_appointment_atomic`, or `login.signed_in` outside of the schema `public` */
  name: string
  /** The types of the arguments that a caller gives, as the file writes them. */
  types: string[]
  /** What stands between the arguments and the body: result, language, settings. */
  header: string
  /** What stands between the dollar quotes, as `pg_proc.prosrc` has it. */
  body: string
  /** The whole statement. */
  statement: string
}

const functionStatement =
  /create (?:or replace )?function (?<name>[\w."]+)\s*(?<head>\((?:(?!\$\w*\$)[\s\S])*?)\bas (?<quote>\$\w*\$)(?<body>[\s\S]*?)\k<quote>[^;]*;/g

/**
 * Takes the functions and `do` blocks out of a migration's text: what a body says is no statement of the migration.
 *
 * @returns the functions, and the other statements, each on one line and without its semicolon
 */
export function takeApart(sql: string): { functions: FunctionText[]; statements: string[] } {
  const functions: FunctionText[] = []
  const outside = withoutComments(sql).replace(
    functionStatement,
    (statement, name: string, head: string, _quote: string, body: string) => {
      const close = closingParenthesis(head)
      functions.push({
        name: plainName(name),
        types: argumentTypes(head.slice(1, close)),
        header: head
          .slice(close + 1)
          .replace(/\s+/g, ' ')
          .trim(),
        body,
        statement,
      })
      return ''
    },
  )
  const statements = outside
    .replace(/\bdo (\$\w*\$)[\s\S]*?\1/g, '')
    .replace(/(^|\s)--.*$/gm, '')
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '')
  return { functions, statements }
}

/** A name without quotes and without the schema `public`, which is where everything is unless it says otherwise. */
export function plainName(name: string): string {
  return name.replaceAll('"', '').replace(/^public\./, '')
}

/** The names of a list such as `public.a, login."b"` or `a(uuid, text), b()`. */
export function plainNames(list: string): string[] {
  return splitAtCommas(list).map((item) => plainName(item.replace(/\(.*$/, '').trim()))
}

function withoutComments(sql: string): string {
  // Only whole lines: a function's body is compared letter by letter.
  return sql.replace(/^--.*$/gm, '')
}

function closingParenthesis(text: string): number {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] === ')') depth -= 1
    if (depth === 0) return at
  }
  return text.length
}

function argumentTypes(list: string): string[] {
  return splitAtCommas(list.replace(/--.*$/gm, '')).flatMap((argument) => {
    const words = argument
      .replace(/\s+/g, ' ')
      .replace(/ ?(?:\bdefault\b|=).*$/, '')
      .trim()
      .split(' ')
    if (words[0] === 'out') return []
    return [words.slice(/^(in|inout|variadic)$/.test(words[0] ?? '') ? 2 : 1).join(' ')]
  })
}

function splitAtCommas(list: string): string[] {
  const parts: string[] = []
  let depth = 0
  let begun = 0
  for (let at = 0; at <= list.length; at += 1) {
    const character = list[at]
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (at < list.length && !(character === ',' && depth === 0)) continue
    const part = list.slice(begun, at).trim()
    if (part !== '') parts.push(part)
    begun = at + 1
  }
  return parts
}
