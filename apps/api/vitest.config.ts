import { defineConfig, mergeConfig } from 'vitest/config'
import shared from '../../vitest.shared.ts'

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      exclude: ['test/full/**', '**/node_modules/**'],
      globalSetup: ['@vetcita/testing/vitest-setup'],
    },
  }),
)
