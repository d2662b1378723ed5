import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import { z } from 'zod'
import type { Api, Contender } from '../contender.ts'

const answer = z.object({
  result: z.object({ data: z.object({ success: z.boolean(), error: z.string().optional() }) }),
})

/** Through the API with a session, as the apps call it; a call that is rejected for overload is retried. */
export const overHttp: Contender = {
  name: 'API over HTTP',
  place: 'main',
  open: async (_place, api) => {
    const pool = new Pool(api.url, { connections: 1_000, pipelining: 1 })
    return {
      book: async (request) => {
        const body = JSON.stringify({
          petId: request.client.petId,
          serviceId: request.clinic.service,
          vetId: request.vet,
          startTime: request.start.toISOString(),
          idempotencyKey: randomUUID(),
        })
        for (;;) {
          const { status, text, retryAfter } = await post(
            api,
            'appointments.book',
            request.client.userId,
            request.clinic.tenant,
            body,
            pool,
          )
          if (status === 503 && retryAfter > 0) {
            await sleep(retryAfter * 1000 * (0.5 + Math.random()))
            continue
          }
          if (status !== 200) throw new Error(`${status}`)
          const { success, error } = answer.parse(JSON.parse(text)).result.data
          if (!success && error !== 'SLOT_UNAVAILABLE') throw new Error(error)
          return success ? 'booked' : 'refused'
        }
      },
      close: () => pool.close(),
    }
  },
}

type Reply = { status: number; text: string; retryAfter: number }

/** Sends a device's request with a light client, because it runs on the cores that are measured. */
export async function post(
  { accounts }: Api,
  procedure: string,
  userId: string,
  tenant: string,
  body: string,
  pool: Pool,
): Promise<Reply> {
  const account = accounts.find((one) => one.userId === userId)
  const {
    statusCode,
    headers,
    body: answer,
  } = await pool.request({
    method: 'POST',
    path: `/trpc/${procedure}`,
    headers: { 'content-type': 'application/json', cookie: account?.cookie ?? '', 'x-clinic': tenant },
    body,
  })
  return { status: statusCode, text: await answer.text(), retryAfter: Number(headers['retry-after'] ?? 0) }
}
