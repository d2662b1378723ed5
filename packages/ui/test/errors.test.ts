import { TRPCClientError } from '@trpc/client'
import { apiRefusalCodes, errorReasons, refusalCodes } from '@vetcita/contracts'
import { describe, expect, test } from 'vitest'
import { errorCode } from '../src/api/error-code.ts'
import { authFailure } from '../src/auth/auth-client.ts'
import { en } from '../src/i18n/en.ts'
import { es } from '../src/i18n/es.ts'

const codes = new Set<string>([...refusalCodes, ...apiRefusalCodes, ...errorReasons])

const answered = (data: object) => TRPCClientError.from({ error: { message: '', code: -32603, data } })

describe('every code of the contract has its own sentence in both languages', () => {
  test.each([
    ['es', es.errors],
    ['en', en.errors],
  ])('%s', (_, sentences) => {
    for (const code of codes) expect(sentences).toHaveProperty(code)
    const texts = Object.values(sentences)
    for (const text of texts) expect(text).toMatch(/^\S.{10,}[.?]$/)
    expect(new Set(texts).size).toBe(texts.length)
  })
})

describe('errorCode', () => {
  test('refusals, reasons and tRPC codes', () => {
    expect(errorCode({ success: false, error: 'TOO_LATE', message: '' })).toBe('TOO_LATE')
    expect(errorCode(answered({ code: 'FORBIDDEN', reason: 'NOT_A_MEMBER' }))).toBe('NOT_A_MEMBER')
    expect(errorCode(answered({ code: 'UNAUTHORIZED', reason: null }))).toBe('UNAUTHORIZED')
    expect(errorCode(answered({ code: 'BAD_REQUEST', reason: null }))).toBe('INVALID_INPUT')
  })

  test('lost answers, unknown errors and inherited property names', () => {
    expect(errorCode(TRPCClientError.from(new TypeError('Failed to fetch')))).toBe('CONNECTION_LOST')
    expect(errorCode(new Error('a bug'))).toBe('UNEXPECTED')
    expect(errorCode({ error: 'toString' })).toBe('UNEXPECTED')
    expect(errorCode(undefined)).toBe('UNEXPECTED')
  })

  test('refused sign-ins', () => {
    expect(authFailure({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' })).toBe('credentials')
    expect(authFailure({ status: 400, code: 'INVALID_TOKEN' })).toBe('link')
    expect(authFailure({ status: 400, code: 'INVALID_PASSWORD' })).toBe('oldPassword')
    expect(authFailure({ status: 429 })).toBe('tooMany')
    expect(authFailure({ status: 429, code: 'TOO_MANY_ATTEMPTS' })).toBe('guessed')
    expect(authFailure({ status: 500 })).toBe('unexpected')
  })
})
