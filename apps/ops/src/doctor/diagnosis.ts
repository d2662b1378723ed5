import type pg from 'pg'
import type { Migration } from '../migrations.ts'

/** One statement, or one transaction, that mends something. */
export type FixStep = { does: string; sql: string }

/** What the doctor knows of one of the guide's four issues on this database. */
export type Diagnosis = {
  issue: string
  /** What is wrong; empty where nothing is. */
  findings: string[]
  /** What to do about it, or what it means where nothing is wrong. */
  advice: string
  /** What mends it without risk; empty where a person has to decide. */
  fix: FixStep[]
}

export type Patient = {
  client: pg.Client
  migrations: readonly Migration[]
  /** A slot that somebody says is free: the vet and the start. */
  slot?: { vet: string; start: string; minutes: number } | undefined
}

export type Examination = (patient: Patient) => Promise<Diagnosis>
