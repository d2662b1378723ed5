import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Engine } from './engine.ts'
import { SchemaEngineError } from './failures.ts'
import { at, textAt } from './json.ts'

/** Returns a function that lets Prisma's CLI print a text, over the same pipe as the answers. */
export function printer(output: Writable): (content: string) => void {
  let id = 0
  return (content) => send(output, { id: `print-${++id}`, method: 'print', params: { content } })
}

/**
 * Answers Prisma's CLI until the input ends: JSON-RPC 2.0, one message a line, one call at a time. Ignores lines that are
 * not requests (the CLI's acknowledgements of `print`).
 */
export async function serve(input: Readable, output: Writable, engine: Engine): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const message: unknown = JSON.parse(line)
    const id = at(message, 'id')
    const method = textAt(message, 'method')
    if (method === undefined) continue
    try {
      send(output, { id, result: (await engine.call(method, at(message, 'params'))) ?? null })
    } catch (error) {
      send(output, { id, error: rpcError(error) })
    }
  }
}

function rpcError(error: unknown) {
  const message = error instanceof Error ? error.message : String(error)
  const code = error instanceof SchemaEngineError ? error.code : undefined
  return {
    code: 4466,
    message: 'An error happened. Check the data field for details.',
    data: { is_panic: false, message, error_code: code },
  }
}

function send(output: Writable, message: object): void {
  output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
}
