import { randomBytes, randomUUID } from 'node:crypto'
import type { AppointmentStatus, Role } from '@vetcita/contracts'
import type pg from 'pg'

/** A row by its id, for the API, and its name, for the page. */
export type Named = { id: string; name: string }

/** An appointment that a journey starts from, with the clinic's local time. */
export type Arranged = { id: string; date: string; time: string; startTime: string }

const clinicZone = 'America/Asuncion'

/**
 * A clinic that one journey has to itself, so that concurrent journeys never take each other's slots: two vets who work
 * from 08:00 to 18:00 every day, one service of 30 minutes, three products. Written as the owner of the tables.
 */
export class Clinic {
  readonly id = `e2e-${randomBytes(5).toString('hex')}`
  readonly name = `Clínica ${this.id.slice(4, 8)}`
  readonly vets: readonly [Named, Named]
  readonly service: Named = { id: randomUUID(), name: 'Consulta general' }
  readonly products: readonly [Named, Named, Named]
  readonly #database: pg.Client

  constructor(database: pg.Client) {
    this.#database = database
    this.vets = [
      { id: randomUUID(), name: 'Dra. Inés Paredes' },
      { id: randomUUID(), name: 'Dr. Tomás Ferreyra' },
    ]
    this.products = [
      { id: randomUUID(), name: 'Alimento para gatos' },
      { id: randomUUID(), name: 'Pelota de goma' },
      { id: randomUUID(), name: 'Correa roja' },
    ]
  }

  async create(): Promise<void> {
    const at = [this.id]
    await this.#database.query(
      `insert into tenants (id, name, timezone, grace_minutes) values ($1, $2, '${clinicZone}', 0)`,
      [...at, this.name],
    )
    for (const vet of this.vets) {
      await this.addProfile(vet.id, 'vet', vet.name)
      await this.#database.query(
        `insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
         select $1, $2, weekday, '08:00', '18:00' from generate_series(1, 7) as weekday`,
        [...at, vet.id],
      )
    }
    await this.#database.query(
      'insert into services (tenant_id, id, name, duration_minutes, price) values ($1, $2, $3, 30, 120000)',
      [...at, this.service.id, this.service.name],
    )
    for (const product of this.products) {
      await this.#database.query(
        'insert into store_products (tenant_id, id, name, price, stock) values ($1, $2, $3, 25000, 50)',
        [...at, product.id, product.name],
      )
    }
  }

  async addProfile(id: string, role: Role, name: string, phone: string | null = null): Promise<void> {
    await this.#database.query(
      'insert into profiles (tenant_id, id, role, full_name, phone) values ($1, $2, $3, $4, $5)',
      [this.id, id, role, name, phone],
    )
  }

  async addPet(ownerId: string, name: string): Promise<Named> {
    const pet = { id: randomUUID(), name }
    await this.#database.query(
      `insert into pets (tenant_id, id, owner_id, name, species) values ($1, $2, $3, $4, 'cat')`,
      [this.id, pet.id, ownerId, name],
    )
    return pet
  }

  /** Adds an appointment `days` from the clinic's today at its local `time`, with a plain insert. */
  async addAppointment(what: {
    pet: Named
    vet: Named
    days: number
    time: string
    status?: AppointmentStatus
  }): Promise<Arranged> {
    const { rows } = await this.#database.query<{ id: string; date: string; start_time: Date }>(
      `insert into appointments (tenant_id, pet_id, service_id, vet_id, start_time, end_time, status)
       select $1, $2, $3, $4, start, start + interval '30 minutes', $7
       from (select ((now() at time zone '${clinicZone}')::date + $5::integer + $6::time)
         at time zone '${clinicZone}' as start) as wall
       returning id, start_time, to_char(start_time at time zone '${clinicZone}', 'YYYY-MM-DD') as date`,
      [this.id, what.pet.id, this.service.id, what.vet.id, what.days, what.time, what.status ?? 'scheduled'],
    )
    const [row] = rows
    if (row === undefined) throw new Error('the appointment was not inserted')
    return { id: row.id, date: row.date, time: what.time, startTime: row.start_time.toISOString() }
  }

  /** From now on pet owners request the service, and the clinic answers. */
  async bookByRequest(): Promise<void> {
    await this.#database.query(`update services set booking = 'request' where tenant_id = $1`, [this.id])
  }

  /** Adds a request that waits for the clinic's answer for two more hours. */
  async addRequest(what: { pet: Named; vet: Named; days: number; time: string }): Promise<Arranged> {
    const made = await this.addAppointment(what)
    await this.#database.query(
      `update appointments set status = 'held', hold_expires_at = now() + interval '2 hours' where id = $1`,
      [made.id],
    )
    return made
  }

  /** Changes what the clinic's one service costs, as its admin would. */
  async changePrice(price: number): Promise<void> {
    await this.#database.query('update services set price = $2 where tenant_id = $1', [this.id, price])
  }

  /** Limits how many appointments a pet owner may have open. */
  async limitOpen(most: number): Promise<void> {
    await this.#database.query('update tenants set max_open_appointments = $2 where id = $1', [this.id, most])
  }

  /** Sets how many minutes before its start a pet owner may still change an appointment. */
  async demandNotice(minutes: number): Promise<void> {
    await this.#database.query('update tenants set change_notice_minutes = $2 where id = $1', [
      this.id,
      minutes,
    ])
  }

  /** Adds a vet's time off, from now for that many days. */
  async takeTimeOff(vet: Named, days: number): Promise<void> {
    await this.#database.query(
      `insert into vet_time_off (tenant_id, vet_id, start_time, end_time)
       values ($1, $2, now(), now() + make_interval(days => $3))`,
      [this.id, vet.id, days],
    )
  }

  /** The clinic moves an appointment by an interval, such as `2 hours`. */
  async moveBy(appointmentId: string, interval: string): Promise<void> {
    await this.#database.query(
      `update appointments set start_time = start_time + $2::interval, end_time = end_time + $2::interval
       where id = $1`,
      [appointmentId, interval],
    )
  }

  /** Cancels an appointment as the clinic. */
  async cancel(appointmentId: string, reason: string): Promise<void> {
    await this.#database.query(
      `update appointments set status = 'cancelled', cancellation_reason = $2, cancelled_at = now() where id = $1`,
      [appointmentId, reason],
    )
  }

  /** Returns every appointment of the clinic in the order in which they were made. */
  async appointments(): Promise<AppointmentRow[]> {
    const { rows } = await this.#database.query<AppointmentRow>(
      `select a.id, p.name as pet, a.vet_id, a.status, a.version, a.cancellation_reason, a.start_time,
         to_char(a.start_time at time zone '${clinicZone}', 'HH24:MI') as time
       from appointments a join pets p on p.tenant_id = a.tenant_id and p.id = a.pet_id
       where a.tenant_id = $1 order by a.created_at`,
      [this.id],
    )
    return rows
  }

  /** Changes a product as staff. */
  async changeProduct(
    { id }: Named,
    change: { category?: string; stock?: number; isActive?: boolean },
  ): Promise<void> {
    await this.#database.query(
      `update store_products set category = coalesce($3, category), stock = coalesce($4, stock),
         is_active = coalesce($5, is_active)
       where tenant_id = $1 and id = $2`,
      [this.id, id, change.category ?? null, change.stock ?? null, change.isActive ?? null],
    )
  }

  /** Returns a customer's cart: quantities by product name. */
  async cart(customerId: string): Promise<Record<string, number>> {
    const { rows } = await this.#database.query<{ name: string; quantity: number }>(
      `select p.name, i.quantity from cart_items i
       join store_products p on p.tenant_id = i.tenant_id and p.id = i.item_id
       where i.tenant_id = $1 and i.customer_id = $2`,
      [this.id, customerId],
    )
    return Object.fromEntries(rows.map(({ name, quantity }) => [name, quantity]))
  }
}

export type AppointmentRow = {
  id: string
  pet: string
  vet_id: string
  status: AppointmentStatus
  version: number
  cancellation_reason: string | null
  start_time: Date
  time: string
}
