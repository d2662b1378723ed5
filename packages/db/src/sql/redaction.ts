const passwordInUrl = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"'\\]*:)[^\s@"'\\]+(?=@)/gi
const secretFields =
  /"(cookie|set-cookie|authorization|password|newPassword|currentPassword|token|secret|connectionString)":(?:"(?:[^"\\]|\\.)*"|\[[^\]]*\])/gi
const secretsInText: ReadonlyArray<readonly [RegExp, string]> = [
  [secretFields, '"$1":"[redacted]"'],
  [passwordInUrl, '$1[redacted]'],
  [/(__Secure-)?vetcita\.(session_token|known-\w+)=[^\s";,\\]+/gi, '$1vetcita.$2=[redacted]'],
  [/\b(bearer|basic) [\w.~+/=-]+/gi, '$1 [redacted]'],
  [/(\/reset-password\/)[^\s"?]+/gi, '$1[redacted]'],
]

/**
 * Takes secrets out of a text that another program, a server or a library wrote, or out of a line of JSON, which stays
 * JSON: passwords in URLs, session cookies, authorizations, tokens of reset links, and fields named like a secret.
 *
 * @param known further values to take out wherever they are
 */
export function redact(text: string, known: readonly string[] = []): string {
  let safe = text
  for (const [pattern, replacement] of secretsInText) safe = safe.replace(pattern, replacement)
  for (const secret of known) safe = safe.replaceAll(secret, '[redacted]')
  return safe
}
