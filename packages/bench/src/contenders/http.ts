import { randomUUID } from 'node:crypto'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Api, Contender } from '../contender.ts'

const answer = z.object({
  result: z.object({ data: z.object({ success: z.boolean(), error: z.string().optional() }) }),
})

/** Through the API, as the apps call it, session and all; who is told to come back in a moment does. */
export const overHttp: Contender = {
  name: 'API over HTTP',
  place: 'main',
  open: async (_place, api) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1_000 })
    return {
      book: async (wish) => {
        const body = JSON.stringify({
          petId: wish.client.petId,
          serviceId: wish.clinic.service,
          vetId: wish.vet,
          startTime: wish.start.toISOString(),
          idempotencyKey: randomUUID(),
        })
        for (;;) {
          const { status, text, retryAfter } = await post(
            api,
            'appointments.book',
            wish.client.userId,
            wish.clinic.tenant,
            body,
            agent,
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
      close: async () => agent.destroy(),
    }
  },
}

type Reply = { status: number; text: string; retryAfter: number }

/** Node's own client with as little around it as possible: it runs on the cores that are measured. */
export function post(
  { url, accounts }: Api,
  procedure: string,
  userId: string,
  tenant: string,
  body: string,
  agent: http.Agent,
): Promise<Reply> {
  const account = accounts.find((one) => one.userId === userId)
  return new Promise((resolve, reject) => {
    const request = http.request(
      `${url}/trpc/${procedure}`,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          cookie: account?.cookie ?? '',
          'x-clinic': tenant,
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            retryAfter: Number(response.headers['retry-after'] ?? 0),
          }),
        )
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}
