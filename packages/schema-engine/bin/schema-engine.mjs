#!/usr/bin/env node
// The program for PRISMA_SCHEMA_ENGINE_BINARY. Prisma's CLI starts it with the `node` of the PATH, so this file is plain
// JavaScript: a Node that cannot run TypeScript starts the one that the workspace pins.
import { spawn } from 'node:child_process'
import module from 'node:module'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

if (process.features.typescript) {
  // Every Prisma command starts the engine twice; a compile cache halves the time of a start.
  module.enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)))
  await import('../src/main.ts')
} else {
  const pinnedNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  const engine = spawn(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => engine.kill(signal))
  engine.on('exit', (code) => process.exit(code ?? 1))
  engine.on('error', () => {
    console.error(`The schema engine needs Node 24: run Prisma as "pnpm prisma", after "pnpm install".`)
    process.exit(1)
  })
}
