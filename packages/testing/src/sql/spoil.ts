import type pg from 'pg'

/**
 * Breaks an installed function by changing its text. Every pattern must match, so that a broken copy does not silently
 * become a whole one when the function changes.
 *
 * @returns a function that restores the original
 */
export async function spoil(
  client: pg.Client,
  name: string,
  changes: ReadonlyArray<readonly [RegExp, string]>,
): Promise<() => Promise<void>> {
  const result = await client.query<{ definition: string }>(
    'select pg_get_functiondef($1::regproc) as definition',
    [name],
  )
  const original = result.rows[0]?.definition ?? ''
  let broken = original
  for (const [pattern, replacement] of changes) {
    if (!pattern.test(broken)) throw new Error(`${name} does not contain ${pattern}`)
    broken = broken.replace(pattern, () => replacement)
  }
  await client.query(broken)
  return async () => {
    await client.query(original)
  }
}
