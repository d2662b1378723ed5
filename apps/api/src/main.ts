import { enableCompileCache } from 'node:module'
import process from 'node:process'

// Keeps the compiled sources for the next start. It has to be enabled before the rest is loaded; and a bad environment is
// reported before that load is waited for.
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
