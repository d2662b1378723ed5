import { enableCompileCache } from 'node:module'
import process from 'node:process'

// A short command spends half of its time compiling; the cache keeps the code of all modules that are imported below.
enableCompileCache()
// If the reader of the output stops (`| head`), the command still finishes its work.
process.stdout.on('error', () => {})
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))
