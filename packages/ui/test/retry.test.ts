import { TRPCClientError } from '@trpc/client'
import { describe, expect, test } from 'vitest'
import { backoffDelay, isRetryable, LOST_CONNECTION_TRIES, retryLostConnection } from '../src/api/retry.ts'

const lost = TRPCClientError.from(new TypeError('Failed to fetch'))
const answered = (retryable: boolean) =>
  TRPCClientError.from({
    error: {
      message: '',
      code: -32603,
      data: { code: 'INTERNAL_SERVER_ERROR', httpStatus: 500, reason: null, retryable, fields: [] },
    },
  })

describe('a write is retried only if that may help', () => {
  test('a lost or retryable answer is retried', () => {
    expect(isRetryable(lost)).toBe(true)
    expect(isRetryable(answered(true))).toBe(true)
  })

  test('any other answer is final, and a bug is not a lost connection', () => {
    expect(isRetryable(answered(false))).toBe(false)
    expect(isRetryable(new TypeError('x is not a function'))).toBe(false)
    expect(isRetryable('nonsense')).toBe(false)
  })

  test('three tries in all', () => {
    const tries = [0, 1, 2, 3].filter((failures) => retryLostConnection.retry(failures, lost)).length + 1
    expect(tries).toBe(LOST_CONNECTION_TRIES)
  })

  test('delays grow, stay bounded, and are random', () => {
    for (const failures of [0, 1, 2, 10]) {
      const shortest = backoffDelay(failures, () => 0)
      const longest = backoffDelay(failures, () => 0.999_999)
      expect(shortest).toBeGreaterThan(0)
      expect(longest).toBeGreaterThan(shortest * 1.9)
      expect(longest).toBeLessThanOrEqual(4000)
    }
    expect(backoffDelay(1, () => 0)).toBeGreaterThan(backoffDelay(0, () => 0))
  })
})
