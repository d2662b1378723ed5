import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

// One file after the other: what is measured here is how long things take while something else is broken.
export default mergeConfig(
  shared,
  defineConfig({
    test: {
      globalSetup: ['@vetcita/testing/vitest-setup'],
      fileParallelism: false,
    },
  }),
)
