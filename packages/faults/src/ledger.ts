import type { Ledger as Acknowledged } from '@vetcita/testing/sql/invariants'
import type pg from 'pg'
import { type Answer, callApi, type Reply, type Session } from './api-client.ts'

/** A call that changes something: enough to send it again, and to check whether it took effect. */
export type Change = { session: Session; customerId: string } & (
  | { kind: 'book'; key: string; input: object }
  | { kind: 'move'; appointmentId: string; from: string; to: string }
  | { kind: 'merge'; productId: string; quantity: number }
)

/** Sends a change once. */
export function send(change: Change): Promise<Reply> {
  switch (change.kind) {
    case 'book':
      return callApi(change.session, 'mutation', 'appointments.book', change.input)
    case 'move':
      return callApi(change.session, 'mutation', 'appointments.reschedule', {
        appointmentId: change.appointmentId,
        newStartTime: change.to,
      })
    case 'merge':
      return callApi(change.session, 'mutation', 'store.mergeCart', {
        items: [{ type: 'product', id: change.productId, quantity: change.quantity }],
      })
  }
}

/**
 * The clients' record of a load: what was acknowledged, and what went unanswered (no response, or an error that may be
 * retried). In this load no two callers compete, so anything else, a refusal included, is a surprise.
 */
export class Ledger {
  readonly appointmentIds: string[] = []
  /** each appointment's last acknowledged start, by id */
  readonly starts = new Map<string, string>()
  readonly cartLines = new Map<string, Acknowledged['cartLines'][number]>()
  unanswered: Change[] = []
  readonly replies: Reply[] = []
  readonly surprises: string[] = []

  /** Returns what the database must contain, for the contract's invariants. */
  get acknowledged(): Pick<Acknowledged, 'appointmentIds' | 'cartLines'> {
    return { appointmentIds: this.appointmentIds, cartLines: [...this.cartLines.values()] }
  }

  /**
   * Returns the replies to the calls that were in progress at that moment, without those begun just before: the API may
   * not have read them, and may close an idle connection at any moment.
   */
  inProgressAt(moment: number): Reply[] {
    return this.replies.filter(({ begun, ms }) => begun < moment - 50 && begun + ms > moment)
  }

  note(change: Change, reply: Reply): void {
    this.replies.push(reply)
    if (reply.kind === 'lost' || (reply.kind === 'error' && reply.retryable)) this.unanswered.push(change)
    else if (reply.kind === 'answer' && reply.data.success === true) this.acknowledge(change, reply.data)
    else this.surprises.push(`${JSON.stringify(change)}: ${JSON.stringify(reply)}`)
  }

  acknowledge(change: Change, data: Answer): void {
    if (change.kind === 'book') {
      const { appointmentId, startTime } = data
      if (typeof appointmentId !== 'string' || typeof startTime !== 'string')
        throw new Error(`A booking without id or start: ${JSON.stringify(data)}`)
      this.appointmentIds.push(appointmentId)
      this.starts.set(appointmentId, startTime)
    } else if (change.kind === 'move') this.starts.set(change.appointmentId, change.to)
    else
      this.cartLines.set(`${change.customerId} ${change.productId}`, {
        tenantId: change.session.clinic,
        customerId: change.customerId,
        type: 'product',
        id: change.productId,
        quantity: change.quantity,
      })
  }
}

/** Whether the database shows the effect of a change. */
export async function isDone(admin: pg.Client, change: Change): Promise<boolean> {
  switch (change.kind) {
    case 'book': {
      const { rowCount } = await admin.query('select from appointments where idempotency_key = $1', [
        change.key,
      ])
      if (rowCount !== null && rowCount > 1)
        throw new Error(`${rowCount} bookings with the key ${change.key}`)
      return rowCount === 1
    }
    case 'move': {
      const { rows } = await admin.query<{ at: Date }>(
        'select start_time as at from appointments where id = $1',
        [change.appointmentId],
      )
      const at = rows[0]?.at.getTime()
      if (at !== Date.parse(change.from) && at !== Date.parse(change.to))
        throw new Error(`${change.appointmentId} starts neither where its move began nor where it was to end`)
      return at === Date.parse(change.to)
    }
    case 'merge': {
      const { rowCount } = await admin.query(
        'select from cart_items where customer_id = $1 and item_id = $2 and quantity >= $3',
        [change.customerId, change.productId, change.quantity],
      )
      return rowCount === 1
    }
  }
}

/** Whether the answer to the second attempt reports that the first took effect. */
function reportsDone(change: Change, data: Answer): boolean {
  if (change.kind !== 'merge') return data.replayed === true
  const { changes } = data
  return (
    typeof changes === 'object' &&
    changes !== null &&
    'unchanged' in changes &&
    Array.isArray(changes.unchanged) &&
    changes.unchanged.length === 1
  )
}

/**
 * Sends every unanswered change again. Each must succeed, and its answer must report correctly whether the first attempt
 * had taken effect.
 *
 * @returns how many had taken effect, and how many had not
 */
export async function settle(ledger: Ledger, admin: pg.Client): Promise<{ done: number; undone: number }> {
  const counts = { done: 0, undone: 0 }
  for (const change of ledger.unanswered) {
    const done = await isDone(admin, change)
    const reply = await send(change)
    if (reply.kind !== 'answer' || reply.data.success !== true)
      throw new Error(`The second attempt fails: ${JSON.stringify(change)}: ${JSON.stringify(reply)}`)
    if (reportsDone(change, reply.data) !== done)
      throw new Error(`It ${done ? 'was' : 'was not'} done, but the answer is ${JSON.stringify(reply.data)}`)
    if (!(await isDone(admin, change))) throw new Error(`Not done after the retry: ${JSON.stringify(change)}`)
    ledger.acknowledge(change, reply.data)
    counts[done ? 'done' : 'undone'] += 1
  }
  ledger.unanswered = []
  return counts
}

/** Returns a line for each appointment whose start differs from the last acknowledged one. */
export async function misplaced(ledger: Ledger, admin: pg.Client): Promise<string[]> {
  const { rows } = await admin.query<{ id: string; at: Date }>(
    'select id, start_time as at from appointments',
  )
  const starts = new Map(rows.map(({ id, at }) => [id, at.getTime()]))
  return [...ledger.starts].flatMap(([id, start]) =>
    starts.get(id) === Date.parse(start) ? [] : [`${id} does not start at ${start}`],
  )
}
