import { randomUUID } from 'node:crypto'
import process from 'node:process'
import { expect } from 'vitest'
import { readTarget, withClient } from '../../src/database.ts'
import { makeAccounts } from '../../src/load/api-callers.ts'
import { addClients, makeClinic } from '../../src/load/clinic.ts'
import { apiUrl, grantApiRole, startApi } from './api.ts'
import { ops } from './ops.ts'
import { underTraffic } from './traffic.ts'
import { deployBy, type Way } from './ways.ts'

/**
 * Rolls 088 to 090 and their dependents back, and deploys them again, while three pet owners book through the API without
 * a pause: meanwhile they must get only 503 with a code, and no booking may be lost.
 */
export async function rollbackUnderBookings(
  { ownerUrl, adminUrl }: { ownerUrl: string; adminUrl: string },
  way: Way,
): Promise<void> {
  await grantApiRole(adminUrl)
  const api = await startApi(apiUrl(adminUrl))
  try {
    await withClient(readTarget({ DIRECT_URL: adminUrl }), async (admin) => {
      const clinic = await makeClinic(admin, 4, 1)
      const accounts = await makeAccounts(api.url, clinic, 3)
      await addClients(
        admin,
        clinic,
        3,
        accounts.map(({ userId }) => userId),
      )
      const booked: string[] = []
      const outcomes = new Map<string, number>()
      const workers = accounts.map((account, at) => {
        let slot = 0
        return async () => {
          slot += 1
          const response = await fetch(`${api.url}/trpc/appointments.book`, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              cookie: account.cookie,
              'x-clinic': clinic.tenant,
            },
            body: JSON.stringify({
              petId: clinic.clients[at]?.petId,
              serviceId: clinic.service,
              vetId: clinic.vets[at],
              startTime: new Date(
                (Math.floor(Date.now() / 86_400_000) + 2) * 86_400_000 + slot * 1_800_000,
              ).toISOString(),
              idempotencyKey: randomUUID(),
            }),
          })
          const text = await response.text()
          const body = JSON.parse(text)
          const outcome = response.ok
            ? `200 ${body.result.data.success ? 'success' : body.result.data.error}`
            : `${response.status} ${body.error.data.reason}`
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
          if (outcome === '200 success') booked.push(body.result.data.appointmentId)
          expect(text).not.toMatch(/stack|node_modules|pg_|select /)
        }
      })

      const { traffic } = await underTraffic(workers, async () => {
        await pause(500)
        const back = await ops(ownerUrl, ['rollback', 'all', '--with-dependents'])
        expect(back.stderr).not.toContain('❌')
        expect(back.code).toBe(0)
        expect((await fetch(`${api.url}/readyz`)).status).toBe(503)
        await pause(300)
        await deployBy(way, ownerUrl)
        const again = await ops(ownerUrl, ['deploy', '--method', 'node'])
        expect(again.stderr).toMatch(
          /vetcita_api may not execute .*book_appointment_atomic.* yet: pnpm ops api-role/,
        )
        await grantApiRole(adminUrl)
        await pause(500)
      })
      expect(traffic.failures).toEqual([])
      expect([...outcomes.keys()].sort()).toEqual(['200 success', '503 FUNCTION_MISSING'])
      expect((await fetch(`${api.url}/readyz`)).status).toBe(200)
      const { rows } = await admin.query<{ id: string }>('select id from appointments where tenant_id = $1', [
        clinic.tenant,
      ])
      const kept = new Set(rows.map(({ id }) => id))
      expect(booked.filter((id) => !kept.has(id))).toEqual([])
      expect(booked.length).toBeGreaterThan(10)
      process.stdout.write(
        `Through rollback and redeploy by ${way}: ${[...outcomes].map(([what, n]) => `${n} × ${what}`).join(', ')}\n`,
      )
    })
  } finally {
    await api.stop()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
