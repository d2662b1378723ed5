import type pg from 'pg'
import type { Migration } from '../migrations.ts'

/** One statement or transaction that fixes something. */
export type FixStep = { does: string; sql: string }

/** What was found about one of the migration guide's four issues. */
export type Diagnosis = {
  issue: string
  /** What is wrong; empty if nothing is. */
  findings: string[]
  /** What to do about it, or what it means if nothing is wrong. */
  advice: string
  /** What fixes it without risk; empty if a person has to decide. */
  fix: FixStep[]
}

export type Patient = {
  client: pg.Client
  migrations: readonly Migration[]
  /** A slot that looks free: the vet and the start. */
  slot?: { vet: string; start: string; minutes: number } | undefined
}

export type Examination = (patient: Patient) => Promise<Diagnosis>
