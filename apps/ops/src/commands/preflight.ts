import { Command, Option } from '@commander-js/extra-typings'
import type { Catalogue } from '@vetcita/catalogue/catalogue'
import { bySignature } from '@vetcita/catalogue/compare'
import { readCatalogue } from '@vetcita/catalogue/read'
import type pg from 'pg'
import { readClocks } from '../catalogue/clocks.ts'
import { checkClosedSchemas } from '../catalogue/closed-schemas.ts'
import { expectedCatalogue, guideFunctions, overlapConstraint } from '../catalogue/expected.ts'
import { problemWith } from '../catalogue/judge.ts'
import { overloadSentence, overloadsAmong } from '../catalogue/overloads.ts'
import { runCommand } from '../command.ts'
import { describeTarget, readApiTarget, readTarget, withClient } from '../database.ts'
import { adoptTables, fixTables } from '../deploy/compose.ts'
import { lockHolder } from '../deploy/locks.ts'
import { makePlan, type Plan } from '../deploy/plan.ts'
import { type Migration, readMigrations } from '../migrations.ts'
import type { Check, Output } from '../output.ts'
import { type ConstraintOutlook, constraintOutlook } from '../preflight/constraint.ts'
import { environmentChecks, environmentOf, environments } from '../preflight/environment.ts'
import { checkServer } from '../preflight/server.ts'
import { hasClinicTables, tableGaps } from '../preflight/tables.ts'

export const preflightCommand = new Command('preflight')
  .description(
    'check before a deploy: the environment, rights, applied migrations and possible problems; changes nothing',
  )
  .addOption(new Option('--expect <environment>', 'fail on any other').choices(environments))
  .option('--json', 'print one JSON document')
  .action(async (options) => {
    await runCommand(options, async (out) => {
      const target = readTarget()
      const environment = environmentOf(target)
      out.say(
        `${target.variable} ${target.variable.endsWith('_URL') ? 'points at' : 'is'} ${describeTarget(target)}: ${environment}`,
      )
      const apiTarget = readApiTarget()
      if (apiTarget !== undefined)
        out.say(`DATABASE_URL points at ${describeTarget(apiTarget)}: ${environmentOf(apiTarget)}`)
      const checks = environmentChecks(target, apiTarget, options.expect)
      return await withClient(target, async (client) => {
        const who = await identity(client, out)
        const closed = await checkClosedSchemas(client)
        checks.push(closed)
        if (closed.verdict === 'failed') {
          for (const check of checks) out.check(check)
          return { ok: false, environment, ...who, checks }
        }
        const migrations = readMigrations()
        checks.push(...(await checkServer(client, target)))
        for (const check of checks) out.check(check)
        const { plan, present, tables } = await out.progress('Reading the catalogue', async () => {
          const catalogue = bySignature(expectedCatalogue(migrations).catalogue, await readCatalogue(client))
          const plan = await makePlan(client, migrations, undefined)
          return {
            plan,
            present: guideFunctions.filter((name) => catalogue.functions[name] !== undefined),
            tables: await tablesOutlook(client, catalogue, migrations, plan),
          }
        })
        const found = [
          ...planChecks(plan, present),
          ...tables.checks,
          ...(await lockChecks(client)),
          ...(await clockChecks(client)),
        ]
        for (const check of found) out.check(check)
        checks.push(...found)
        out.say()
        const ok = checks.every(({ verdict }) => verdict !== 'failed')
        const next = ok ? nextStep(plan) : tables.next
        sayPlan(plan, present, ok, out)
        out.say(`Next: ${next}`)
        return {
          ok,
          next,
          environment,
          ...who,
          checks,
          applied: plan.applied.map(({ name }) => name),
          pending: plan.pending.map(({ name }) => name),
          alreadyApplied: present,
          gaps: tables.gaps,
          constraint: tables.constraint,
        }
      })
    })
  })

async function identity(client: pg.Client, out: Output): Promise<{ database: string; user: string }> {
  const { rows } = await client.query<{ current_database: string; current_user: string }>(
    'select current_database(), current_user',
  )
  const { current_database: database = '', current_user: user = '' } = rows[0] ?? {}
  out.table(['current_database', 'current_user'], [[database, user]])
  out.say()
  return { database, user }
}

async function tablesOutlook(
  client: pg.Client,
  catalogue: Catalogue,
  migrations: readonly Migration[],
  { applied, pending, unfinished }: Plan,
): Promise<{ checks: Check[]; gaps: string[]; constraint: ConstraintOutlook | null; next: string }> {
  const overloads = overloadsAmong(catalogue, pending)
  const overloading = overloads.map(
    (overload): Check => ({
      name: overloadSentence(overload),
      verdict: 'failed',
      detail: `if nothing needs it: ${overload.drop}`,
    }),
  )
  const fixFirst = 'fix each ✗, then run this again.'
  const [first] = migrations
  if (first === undefined || !hasClinicTables(catalogue, first))
    return { checks: overloading, gaps: [], constraint: null, next: fixFirst }
  const isRecorded = applied.includes(first) || unfinished.length > 0
  const gaps = tableGaps(catalogue, isRecorded ? applied : [first, ...applied])
  const { rows: rights } = await client.query<{ may: boolean }>(
    `select coalesce(has_table_privilege(to_regclass('public.appointments'), 'select'), true) as may`,
  )
  const mayRead = rights[0]?.may === true
  const constraint = gaps.length === 0 && mayRead ? await constraintOutlook(client) : null
  const built =
    problemWith(
      'constraints',
      `${overlapConstraint} on appointments`,
      expectedCatalogue(migrations),
      catalogue,
    ) === null
  return {
    gaps,
    constraint,
    next: gaps.length > 0 ? fixTables : isRecorded ? fixFirst : `${fixFirst} ${adoptTables}`,
    checks: [
      ...overloading,
      ...(isRecorded
        ? []
        : [
            {
              name: 'No history says where the tables are from',
              verdict: 'failed',
              detail: 'pnpm prisma migrate resolve --applied 000_clinic_schema',
            } as const,
          ]),
      ...(gaps.length === 0
        ? [{ name: 'Tables match the contract', verdict: 'ok' } as const]
        : gaps.map((gap) => ({ name: gap, verdict: 'failed' }) as const)),
      ...(mayRead
        ? []
        : [
            {
              name: 'May read the appointments',
              verdict: 'failed',
              detail: 'grant select on appointments, or deploy as their owner',
            } as const,
          ]),
      ...(constraint === null ? [] : [overlapCheck(constraint)]),
      ...(constraint === null || built ? [] : [lockCheck(constraint)]),
    ],
  }
}

function overlapCheck({ overlaps }: ConstraintOutlook): Check {
  if (overlaps.length === 0) return { name: 'No appointments overlap', verdict: 'ok' }
  const listed = overlaps.map(
    ({ tenant_id, vet_id, id, start_time }) => `${tenant_id} vet ${vet_id}: ${id} at ${start_time}`,
  )
  return {
    name: `${overlaps.length === 20 ? 'At least 20' : overlaps.length} appointments start while their vet is busy`,
    verdict: 'failed',
    detail: `move or cancel them before the overlap constraint is built\n  ${listed.join('\n  ')}`,
  }
}

function lockCheck({ rows, estimatedLockMs }: ConstraintOutlook): Check {
  return {
    name: `The overlap constraint will lock ${rows} appointments for about ${(estimatedLockMs / 1000).toFixed(1)} s`,
    verdict: estimatedLockMs > 1_000 ? 'warning' : 'ok',
    ...(estimatedLockMs > 1_000
      ? { detail: 'deploy 091 off-hours; a busy server took three times as long' }
      : {}),
  }
}

function planChecks(plan: Plan, present: readonly string[]): Check[] {
  return [
    ...plan.unfinished.map(
      ({ migration_name }): Check => ({
        name: `${migration_name} was not finished`,
        verdict: 'warning',
        detail: 'the next deploy resolves it',
      }),
    ),
    ...plan.edited.map(
      ({ name }): Check => ({
        name: `${name} was changed in this checkout after it was applied`,
        verdict: 'failed',
        detail: 'a released migration is never edited',
      }),
    ),
    ...plan.unknown.map(
      (name): Check => ({
        name: `${name} is applied and unknown to this checkout`,
        verdict: 'warning',
        detail: 'a newer checkout has deployed it',
      }),
    ),
    ...(present.length > 0 && !plan.hasHistory
      ? [
          {
            name: 'The functions exist, but no history records their deployment',
            verdict: 'warning',
            detail: '088 to 090 may run again',
          } as const,
        ]
      : []),
  ]
}

async function clockChecks(client: pg.Client): Promise<Check[]> {
  return (await readClocks(client)).map(({ sentence }) => ({
    name: `Two clocks: ${sentence}`,
    verdict: 'warning',
    detail: "the server's decide what is open and shown",
  }))
}

/** Reports a held deploy lock, which may belong to a deploy that has ended. */
async function lockChecks(client: pg.Client): Promise<Check[]> {
  const holder = await lockHolder(client)
  return holder === null
    ? []
    : [{ name: 'Another deploy seems to be running', verdict: 'warning', detail: holder }]
}

function nextStep({ pending }: Plan): string {
  return pending.length === 0 ? 'pnpm ops verify' : 'pnpm ops backup --verify, then pnpm ops deploy'
}

function sayPlan(plan: Plan, present: readonly string[], ok: boolean, out: Output): void {
  if (plan.applied.length > 0) out.say(`Applied: ${plan.applied.map(({ name }) => name).join(', ')}`)
  if (plan.pending.length > 0) out.say(`Pending: ${plan.pending.map(({ name }) => name).join(', ')}`)
  const all = present.length === guideFunctions.length
  const proceed = ok ? 'proceed with the deployment' : 'and a deployment would not do yet'
  if (all) out.say('088 to 090 are already applied (skip their deployment).')
  else if (present.length === 0) out.say(`None of the three functions exists${ok ? ':' : ','} ${proceed}.`)
  else out.say(`Of the three functions only ${present.join(', ')} exists${ok ? ':' : ','} ${proceed}.`)
}
