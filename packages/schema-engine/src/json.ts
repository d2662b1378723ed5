/**
 * Reads a value from parsed JSON of unknown shape. Each Prisma command starts this program twice, and loading a schema
 * library would take half of each start.
 *
 * @param path keys, outermost first
 * @returns the value, or undefined if something on the path is not an object
 */
export function at(value: unknown, ...path: string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined
  }
  return found
}

/** Returns the string at `path`, or undefined if there is none; see {@link at}. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}
