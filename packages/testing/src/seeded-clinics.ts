import type pg from 'pg'

/** A clinic made by `seedClinics`. Its ids are fixed, since every test file has its own database. */
export type SeededClinic = {
  id: string
  timeZone: string
  vet: string
  otherVet: string
  consultation: string
  retiredService: string
  food: string
  toy: string
  retiredProduct: string
}

function clinic(id: string, timeZone: string, digit: string): SeededClinic {
  const uuid = (n: number) => `0000000${digit}-0000-4000-8000-${String(n).padStart(12, '0')}`
  return {
    id,
    timeZone,
    vet: uuid(1),
    otherVet: uuid(2),
    consultation: uuid(3),
    retiredService: uuid(4),
    food: uuid(5),
    toy: uuid(6),
    retiredProduct: uuid(7),
  }
}

export const adris = clinic('adris', 'America/Asuncion', '1')
export const lisboa = clinic('lisboa', 'Europe/Lisbon', '2')

/** Inserts two clinics, each with two vets who work every day from 8 to 12 and 13 to 18, services of 30 minutes and products. */
export async function seedClinics(admin: pg.Client): Promise<void> {
  for (const c of [adris, lisboa]) {
    await admin.query(`
      insert into tenants (id, name, timezone, max_open_appointments, book_horizon_days, grace_minutes)
        values ('${c.id}', 'Clínica ${c.id}', '${c.timeZone}', null, 3660, 0);
      insert into profiles (tenant_id, id, role, full_name) values
        ('${c.id}', '${c.vet}', 'vet', 'Ana Vet'), ('${c.id}', '${c.otherVet}', 'vet', 'Beto Vet');
      insert into vet_hours (tenant_id, vet_id, weekday, opens, closes)
        select '${c.id}', vet, day, opens, closes
        from unnest(array['${c.vet}', '${c.otherVet}']::uuid[]) vet, generate_series(1, 7) day,
          (values (time '08:00', time '12:00'), (time '13:00', time '18:00')) hours (opens, closes);
      insert into services (tenant_id, id, name, duration_minutes, price, is_active) values
        ('${c.id}', '${c.consultation}', 'Consulta', 30, 150000, true),
        ('${c.id}', '${c.retiredService}', 'Antigua', 30, 1, false);
      insert into store_products (tenant_id, id, name, price, stock, is_active) values
        ('${c.id}', '${c.food}', 'Alimento', 85000.5, 10, true), ('${c.id}', '${c.toy}', 'Pelota', 12000, 3, true),
        ('${c.id}', '${c.retiredProduct}', 'Viejo', 1, 0, false)`)
  }
}
