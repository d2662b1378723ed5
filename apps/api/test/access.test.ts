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
  ['nobody', 'expired', 'signedOut'],
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

it('every procedure has its line, and every line its procedure', () => {
  const withLine = new Set(rowNames.map(procedureOf))
  const missing = [...procedures.keys()]
    .filter((name) => !withLine.has(name))
    .map(
      (name) =>
        `${name} has no line: add one to apps/api/test/access-matrix.ts, who may call it and with what`,
    )
  expect(missing).toEqual([])
  expect([...withLine].filter((name) => !procedures.has(name))).toEqual([])
})

it('a write is noticed, and taken back', async () => {
  await callAs(stage.api.url, stage.actors('owner'), 'pets.create', { name: 'Sol', species: 'cat' })
  expect(await stage.baseline.changed()).toEqual(['public.pets'])
  expect(await stage.baseline.changed(stage.actors('owner').id)).toEqual(['public.pets'])
  expect(await stage.baseline.changed(stage.actors('otherOwner').id)).toEqual([])
  await stage.baseline.restore()
  expect(await stage.baseline.changed()).toEqual([])
})

it('the secrets that nobody may read are there to be read', async () => {
  const read = (actor: ActorName, name: string, input?: unknown) =>
    callAs(stage.api.url, stage.actors(actor), name, input)
  expect((await read('owner', 'pets.list')).text).toContain(ownersSecret)
  const agenda = await read('vet', 'appointments.day', { date: day(3) })
  expect(agenda.text).toContain(ownersSecret)
  expect(agenda.text).toContain(staffsSecret)
})

describe('who can, who cannot, and who learns nothing', () => {
  it.each(rowNames)('%s', async (name) => {
    const expected = expectedOf(name)
    const input = (things: Things) => accessMatrix[name]?.[1]?.(things)
    const ask = (actor: ActorName, things = stage.things) =>
      callAs(stage.api.url, stage.actors(actor), procedureOf(name), input(things))
    const seen: Partial<Record<ActorName, string>> = {}
    const note = (actor: ActorName, answer: Answer) => {
      seen[actor] = answer.verdict
      expect(leaks(actor, answer), `what ${actor} may not read`).toEqual([])
    }

    const refused = actorNames.filter((actor) => expected[actor] !== 'yes')
    const allowed = actorNames.filter((actor) => expected[actor] === 'yes')
    await Promise.all(
      refused.map(async (actor) => {
        const answer = await ask(actor)
        note(actor, answer)
        // one cannot even learn whether there is such a thing
        if (expected[actor] === 'unseen') expect((await ask(actor, nothings())).text).toBe(answer.text)
      }),
    )
    expect(await stage.baseline.changed(), 'tables that a refused call wrote to').toEqual([])

    if (procedureNamed(procedureOf(name)).type !== 'mutation') {
      await Promise.all(allowed.map(async (actor) => note(actor, await ask(actor))))
      expect(await stage.baseline.changed(), 'tables that a query wrote to').toEqual([])
    } else {
      for (const actor of allowed) {
        note(actor, await ask(actor))
        if (actor !== 'owner' && !clinicsStaff.includes(actor))
          expect(await stage.baseline.changed(stage.actors('owner').id), `${actor} and the owner’s`).toEqual(
            [],
          )
        await stage.baseline.restore()
      }
    }
    expect(seen).toEqual(expected)
  })
})

/** The words of a row, actor by actor. */
function expectedOf(row: string): Partial<Record<ActorName, string>> {
  const words = accessMatrix[row]?.[0].trim().split(/\s+/) ?? []
  expect(words, `${row} in apps/api/test/access-matrix.ts: one word for each column`).toHaveLength(
    columns.length,
  )
  return Object.fromEntries(
    columns.flatMap((actors, index) => actors.map((actor) => [actor, words[index] ?? ''])),
  )
}

/** The secrets in an answer that are not for this reader. */
function leaks(actor: ActorName, answer: Answer): string[] {
  const isStaff = clinicsStaff.includes(actor)
  const forbidden = [
    ...(isStaff || actor === 'owner' ? [] : [ownersSecret]),
    ...(isStaff ? [] : [staffsSecret]),
  ]
  return forbidden.filter((secret) => answer.text.includes(secret))
}
