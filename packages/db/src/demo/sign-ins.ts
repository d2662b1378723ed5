import { demoId } from './ids.ts'

/** The password of every demo sign-in. It protects nothing: demo data is for trying the product out. */
export const demoPassword = 'vetcita-demo'

export type DemoRole = 'owner' | 'receptionist' | 'vet' | 'admin'

/** A demo user: `id` is the id of the account and of its profile at each clinic. */
export type DemoSignIn = {
  id: string
  email: string
  name: string
  phone: string
  /** What the user can try, in English, for the terminal. */
  what: string
  clinics: Partial<Record<DemoClinicId, DemoRole>>
}

export type DemoClinicId = 'adris' | 'hudson'

function person(
  email: string,
  name: string,
  phone: string,
  what: string,
  clinics: DemoSignIn['clinics'],
): DemoSignIn {
  return { id: demoId(`user ${email}`), email, name, phone, what, clinics }
}

/** Every demo user. The vets are each clinic's first vet; the admin works at both clinics. */
export const demoSignIns: readonly DemoSignIn[] = [
  person('ana@demo.vetcita.test', 'Ana Benítez', '+595 981 555 101', 'pet owner at both clinics', {
    adris: 'owner',
    hudson: 'owner',
  }),
  person('bruno@demo.vetcita.test', 'Bruno Cardozo', '+595 981 555 102', 'pet owner at adris', {
    adris: 'owner',
  }),
  person('recepcion@demo.vetcita.test', 'Lucía Giménez', '+595 21 555 110', 'receptionist at adris', {
    adris: 'receptionist',
  }),
  person('sofia@demo.vetcita.test', 'Dra. Sofía Rolón', '+595 21 555 111', 'vet at adris', { adris: 'vet' }),
  person('admin@demo.vetcita.test', 'Marcos Adris', '+595 21 555 112', 'admin of both clinics', {
    adris: 'admin',
    hudson: 'admin',
  }),
  person('emily@demo.vetcita.test', 'Emily Carter', '+1 518 555 0110', 'receptionist at hudson', {
    hudson: 'receptionist',
  }),
  person('daniel@demo.vetcita.test', 'Dr. Daniel Brooks', '+1 518 555 0111', 'vet at hudson', {
    hudson: 'vet',
  }),
]
