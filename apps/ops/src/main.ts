import { enableCompileCache } from 'node:module'

// Half of what a short command takes is to compile itself; what is imported from here on is compiled once.
enableCompileCache()
await import('./program.ts')
