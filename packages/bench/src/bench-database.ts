import type { ScratchDatabase } from '@vetcita/testing'
import type pg from 'pg'

/** A scratch database of the benchmark's own. */
export type BenchDatabase = {
  scratch: ScratchDatabase
  /** A superuser's connection, for arranging and counting. */
  admin: pg.Client
  /** The address with the API's own login. */
  apiUrl: string
}

/** A signed-up user and their session cookie. */
export type Account = { userId: string; cookie: string }
