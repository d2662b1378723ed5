/**
 * Reads a value out of parsed JSON of unknown shape. Each Prisma command starts this program twice, and a schema library
 * would be half of the time that a start takes.
 *
 * @param path keys, outermost first
 * @returns the value there, or undefined where something on the way is no object
 */
export function at(value: unknown, ...path: string[]): unknown {
  let found = value
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.hasOwn(found, key) ? Reflect.get(found, key) : undefined
  }
  return found
}

/** The text at `path`, or undefined where there is none, see {@link at}. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}
