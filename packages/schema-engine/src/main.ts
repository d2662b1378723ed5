import process from 'node:process'
import { SchemaEngineError } from './failures.ts'
import { readInvocation } from './invocation.ts'

try {
  const invocation = readInvocation(process.argv.slice(2))
  const { command, url } = invocation
  if (command === 'serve' || command === 'version') {
    // The WebAssembly module is large, and the `cli` command that every Prisma command runs first does not need it.
    const { createEngine, engineVersion } = await import('./engine.ts')
    const { printer, serve } = await import('./rpc.ts')
    if (command === 'version') console.log(`schema-engine-cli ${engineVersion()}`)
    else {
      const engine = createEngine(invocation, printer(process.stdout))
      // The CLI closes the engine's input and at once sends a signal; Ctrl-C reaches both processes.
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
  // the CLI skips one line and reads the next as JSON
  const message = error instanceof Error ? error.message : String(error)
  const fields = { message, error_code: error instanceof SchemaEngineError ? error.code : undefined }
  console.error(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}`)
  // pg leaves a socket open if it does not support the server's authentication, and the process would not end
  process.exit(1)
}
