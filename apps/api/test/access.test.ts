import { day } from '@vetcita/testing/times'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessMatrix } from './access-matrix.ts'
import { type ActorName, actorNames, ownersSecret } from './support/actors.ts'
import { type Answer, callAs } from './support/call-as.ts'
import { procedureNamed, procedures } from './support/procedures.ts'
import { nothings, openStage, type Stage, staffsSecret, type Things } from './support/stage.ts'

let stage: Stage

beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.api.stop())

const columns: ReadonlyArray<readonly ActorName[]> = [
  ['anonymous', 'expired', 'signedOut'],
  ['stranger', 'ownerElsewhere', 'receptionistElsewhere', 'vetElsewhere', 'adminElsewhere'],
  ['owner'],
  ['otherOwner'],
  ['receptionist'],
  ['vet'],
  ['admin'],
]
const clinicsStaff: readonly ActorName[] = ['receptionist', 'vet', 'admin']

const rowNames = Object.keys(accessMatrix)
const procedureOf = (row: string) => row.split(' ')[0] ?? ''

it('has a row for every procedure, and no row without one', () => {
  const withRow = new Set(rowNames.map(procedureOf))
  const missing = [...procedures.keys()]
    .filter((name) => !withRow.has(name))
    .map(
      (name) =>
        `${name} has no row: add one to apps/api/test/access-matrix.ts with who may call it and an input`,
    )
  expect(missing).toEqual([])
  expect([...withRow].filter((name) => !procedures.has(name))).toEqual([])
})

it('detects a write, and undoes it', async () => {
  await callAs(stage.api.url, stage.actors('owner'), 'pets.create', { name: 'Sol', species: 'cat' })
  expect(await stage.baseline.changed()).toEqual(['public.pets'])
  expect(await stage.baseline.changed(stage.actors('owner').id)).toEqual(['public.pets'])
  expect(await stage.baseline.changed(stage.actors('otherOwner').id)).toEqual([])
  await stage.baseline.restore()
  expect(await stage.baseline.changed()).toEqual([])
})

it('the secrets of this test are readable for those who may read them', async () => {
  const read = (actor: ActorName, name: string, input?: unknown) =>
    callAs(stage.api.url, stage.actors(actor), name, input)
  expect((await read('owner', 'pets.list')).text).toContain(ownersSecret)
  const agenda = await read('vet', 'appointments.day', { date: day(3) })
  expect(agenda.text).toContain(ownersSecret)
  expect(agenda.text).toContain(staffsSecret)
})

describe('access', () => {
  it.each(rowNames)('%s', async (name) => {
    const expected = expectedOf(name)
    const input = (things: Things) => accessMatrix[name]?.[1]?.(things)
    const call = (actor: ActorName, things = stage.things) =>
      callAs(stage.api.url, stage.actors(actor), procedureOf(name), input(things))
    const seen: Partial<Record<ActorName, string>> = {}
    const note = (actor: ActorName, answer: Answer) => {
      seen[actor] = answer.result
      expect(leaks(actor, answer), `secrets that ${actor} may not read`).toEqual([])
    }

    const refused = actorNames.filter((actor) => expected[actor] !== 'yes')
    const allowed = actorNames.filter((actor) => expected[actor] === 'yes')
    await Promise.all(
      refused.map(async (actor) => {
        const answer = await call(actor)
        note(actor, answer)
        // the answer does not even reveal whether the thing exists
        if (expected[actor] === 'unseen') expect((await call(actor, nothings())).text).toBe(answer.text)
      }),
    )
    expect(await stage.baseline.changed(), 'tables changed by a refused call').toEqual([])

    if (procedureNamed(procedureOf(name)).type !== 'mutation') {
      await Promise.all(allowed.map(async (actor) => note(actor, await call(actor))))
      expect(await stage.baseline.changed(), 'tables changed by a query').toEqual([])
    } else {
      for (const actor of allowed) {
        note(actor, await call(actor))
        if (actor !== 'owner' && !clinicsStaff.includes(actor))
          expect(
            await stage.baseline.changed(stage.actors('owner').id),
            `the owner’s rows changed by ${actor}`,
          ).toEqual([])
        await stage.baseline.restore()
      }
    }
    expect(seen).toEqual(expected)
  })
})

/** Returns the expected result of a row for each actor. */
function expectedOf(row: string): Partial<Record<ActorName, string>> {
  const cells = accessMatrix[row]?.[0].trim().split(/\s+/) ?? []
  expect(cells, `${row} in apps/api/test/access-matrix.ts: one cell for each column`).toHaveLength(
    columns.length,
  )
  return Object.fromEntries(
    columns.flatMap((actors, index) => actors.map((actor) => [actor, cells[index] ?? ''])),
  )
}

/** Returns the secrets in an answer that this reader may not see. */
function leaks(actor: ActorName, answer: Answer): string[] {
  const isStaff = clinicsStaff.includes(actor)
  const forbidden = [
    ...(isStaff || actor === 'owner' ? [] : [ownersSecret]),
    ...(isStaff ? [] : [staffsSecret]),
  ]
  return forbidden.filter((secret) => answer.text.includes(secret))
}
