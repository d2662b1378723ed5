import { enableCompileCache } from 'node:module'
import process from 'node:process'

// Half of what a short command takes is to compile itself; what is imported from here on is compiled once.
enableCompileCache()
const { run } = await import('./program.ts')
process.exitCode = await run(process.argv.slice(2))
