import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startServer } from '../src/server.ts'

// A small disk of its own, which only root may mount.
const disk = mkdtempSync(path.join(os.tmpdir(), 'vetcita-disk-'))
const mounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=755', 'tmpfs', disk], { stdio: 'ignore' }).status ===
  0
afterAll(() => {
  if (mounted) spawnSync('umount', [disk])
  rmSync(disk, { recursive: true, force: true })
})

test.skipIf(!mounted)('a full disk is named, and what to do about it', async () => {
  await expect(startServer({ dataDir: path.join(disk, 'postgres'), port: 0 })).rejects.toThrow(
    `There is no space left on the disk of ${path.join(disk, 'postgres')}: free at least 100 MB and start again.`,
  )
})
