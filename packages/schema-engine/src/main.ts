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
    else {
      const engine = createEngine(invocation, printer(process.stdout))
      // The CLI ends the engine by a signal, right after it has closed its input; Ctrl-C reaches both.
      const stop = () => void engine.close().finally(() => process.exit(0))
      process.on('SIGTERM', stop).on('SIGINT', stop)
      process.stdout.on('error', stop)
      await serve(process.stdin, process.stdout, engine)
      await engine.close()
    }
  } else {
    const { runDatabaseCommand } = await import('./database-command.ts')
    if (url === undefined) throw new Error('The option --datasource is missing')
    await runDatabaseCommand(command, url)
  }
  process.exit(0)
} catch (error) {
  // The CLI reads one JSON line, and skips the line before it.
  const message = error instanceof Error ? error.message : String(error)
  const fields = { message, error_code: error instanceof SchemaEngineError ? error.code : undefined }
  console.error(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`)
  // Not by running out of things to do: pg leaves a socket open when a server's way to log in is beyond it.
  process.exit(1)
}
