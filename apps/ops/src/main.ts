import { enableCompileCache } from 'node:module'
import process from 'node:process'

// Half of what a short command takes is to compile itself; what is imported from here on is compiled once.
enableCompileCache()
// Whoever reads along may stop (`| head`); what was begun goes on to its end.
process.stdout.on('error', () => {})
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))
