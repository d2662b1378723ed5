import process from 'node:process'
import { mergeConfig } from 'vitest/config'
import quick from './vitest.config.ts'

/** The same tests at the size that the documentation's numbers come from: `pnpm --filter @vetcita/ops test:full`. */
process.env.OPS_APPOINTMENTS ??= '100000'

export default mergeConfig(quick, { test: { env: { OPS_APPOINTMENTS: process.env.OPS_APPOINTMENTS } } })
