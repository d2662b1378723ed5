import { enableCompileCache } from 'node:module'
import process from 'node:process'

// Stripped and compiled sources are kept for the next start, which is quicker for it. It has to be on before the rest
// is loaded; and a bad environment is told before the rest is waited for.
enableCompileCache()
const { EnvironmentError, readEnv } = await import('./env.ts')
try {
  const env = readEnv()
  const { serve } = await import('./http/serve.ts')
  await serve(env)
} catch (error) {
  process.exitCode = 1
  console.error(error instanceof EnvironmentError ? error.message : error)
}
