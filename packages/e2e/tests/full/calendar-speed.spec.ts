import { randomUUID } from 'node:crypto'
import { expect, test } from '../../src/fixtures.ts'
import { signUpAt } from '../../src/person.ts'

const vets = 12
const appointmentsEach = 40
const cards = vets * appointmentsEach
const draws = 7
const limit = 200
/** The most milliseconds for a frame while a card is dragged, at the median. */
const frameLimit = 33

/** The day after tomorrow in Asunción, which is at UTC−03 all year. */
const date = new Date(Date.now() + 2 * 86_400_000 - 3 * 3_600_000).toISOString().slice(0, 10)

test(`a day of ${vets} vets with ${appointmentsEach} appointments each is drawn in under ${limit} ms after its data`, async ({
  page,
  context,
  clinic,
  database,
}) => {
  const ownerId = randomUUID()
  await clinic.addProfile(ownerId, 'owner', 'Rosa Ayala')
  const pet = await clinic.addPet(ownerId, 'Luna')
  const more = Array.from({ length: vets - clinic.vets.length }, () => randomUUID())
  for (const [index, id] of more.entries()) await clinic.addProfile(id, 'vet', `Dra. Número ${index}`)
  await database.query(
    `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
     select $1, vet, weekday, '08:00', '18:00' from unnest($2::uuid[]) vet, generate_series(1, 7) weekday`,
    [clinic.id, more],
  )
  await database.query(
    `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, busy_until, status)
     select $1, $2, $3, vet, start, start + interval '12 min', start + interval '15 min',
       (array['scheduled', 'confirmed', 'checked_in', 'in_progress', 'completed'])[1 + n % 5]
     from unnest($4::uuid[]) vet, generate_series(0, $5 - 1) n,
       lateral (select ($6::date + time '08:00' + n * interval '15 min') at time zone 'America/Asuncion') at (start)`,
    [
      clinic.id,
      pet.id,
      clinic.service.id,
      [...clinic.vets.map(({ id }) => id), ...more],
      appointmentsEach,
      date,
    ],
  )
  await signUpAt(clinic, context.request, 'Lía Recepción', 'receptionist')
  await page.addInitScript((wanted) => {
    const drawn = document.getElementsByClassName('vs-event')
    const watch = new MutationObserver(() => {
      if (drawn.length < wanted) return
      watch.disconnect()
      // a frame has been painted when the next one begins
      requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('drawn')))
    })
    watch.observe(document, { childList: true, subtree: true })
  }, cards)

  const took: number[] = []
  for (let draw = 0; draw < draws; draw += 1) {
    await page.goto(`/staff/${clinic.id}/day?date=${date}`)
    const measured = await page.waitForFunction(
      () => {
        // the last byte of the response, before any of it is parsed
        const data = performance
          .getEntriesByType('resource')
          .find(({ name }) => name.includes('appointments.day'))
        const [drawn] = performance.getEntriesByName('drawn')
        return drawn && data instanceof PerformanceResourceTiming
          ? Math.round(drawn.startTime - data.responseEnd)
          : null
      },
      undefined,
      { polling: 300 },
    )
    took.push((await measured.jsonValue()) ?? Number.NaN)
    await expect(page.locator('.vs-event')).toHaveCount(cards)
  }
  // Other programs on the machine slow some draws down, so the quickest third is the best measure of the page.
  const quick = took.toSorted((one, other) => one - other)[Math.floor(draws / 3)]
  console.log(`${cards} appointments of ${vets} vets were drawn ${took.join(', ')} ms after their data`)
  expect(quick, 'milliseconds, the slowest of the quickest third').toBeLessThan(limit)

  // drag a card across the whole grid and back, one step per frame
  const card = await page.locator('.vs-event').first().boundingBox()
  if (card === null) throw new Error('no card is on screen')
  await page.mouse.move(card.x + 30, card.y + 8)
  await page.mouse.down()
  const recording = await page.evaluateHandle(() => {
    const frames: number[] = []
    let last = performance.now()
    const next = (now: number) => {
      frames.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
    return frames
  })
  for (const end of [900, 30]) await page.mouse.move(card.x + end, card.y + 260, { steps: 60 })
  const frames = await recording.jsonValue()
  await page.keyboard.press('Escape')
  await page.mouse.up()
  const middle = frames.toSorted((one, other) => one - other)[Math.floor(frames.length / 2)] ?? Number.NaN
  console.log(`${frames.length} frames of a drag took ${middle.toFixed(1)} ms each (median)`)
  expect(middle, 'milliseconds, the median').toBeLessThan(frameLimit)
})
