import type pg from 'pg'

/**
 * Breaks an installed function by changing its text; every pattern must be found, so that a copy that is not broken
 * any more is noticed.
 *
 * @returns what puts the function back as it was
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
