import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadEnvFile } from '../src/env-file.ts'

test('a .env may begin with a byte order mark, end its lines with CR LF, and quote its values', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'vetcita-env-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(
    path.join(folder, '.env'),
    '\uFEFFDATABASE_URL="postgresql://h/a#b"\r\nexport PORT=4001 # ours\r\nNAME=\'Clínica "Adris"\'\r\nKEPT=no\r\n',
  )
  const env: NodeJS.ProcessEnv = { KEPT: 'yes' }
  loadEnvFile(folder, env)
  expect(env).toEqual({
    DATABASE_URL: 'postgresql://h/a#b',
    PORT: '4001',
    NAME: 'Clínica "Adris"',
    KEPT: 'yes',
  })
  loadEnvFile(path.join(folder, 'none'), env)
})
