import process from 'node:process'
import { SchemaEngineError } from './failures.ts'
import { readInvocation } from './invocation.ts'

try {
  const invocation = readInvocation(process.argv.slice(2))
  const { command, url } = invocation
  if (command === 'serve' || command === 'version') {
    // The WebAssembly module is large: `cli` commands, of which every Prisma command runs one first, do without.
    const { createEngine, engineVersion } = await import('./engine.ts')
    const { printer, serve } = await import('./rpc.ts')
    if (command === 'version') console.log(`schema-engine-cli ${engineVersion()}`)
    else await serve(process.stdin, process.stdout, createEngine(invocation, printer(process.stdout)))
  } else {
    const { runDatabaseCommand } = await import('./database-command.ts')
    if (url === undefined) throw new Error('The option --datasource is missing')
    await runDatabaseCommand(command, url)
  }
  process.exitCode = 0
} catch (error) {
  // The CLI reads one JSON line, and skips the line before it.
  const message = error instanceof Error ? error.message : String(error)
  const fields = { message, error_code: error instanceof SchemaEngineError ? error.code : undefined }
  console.error(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`)
  process.exitCode = 1
}
