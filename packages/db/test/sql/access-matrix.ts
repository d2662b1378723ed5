import { callText } from '@vetcita/testing/sql/calls'
import { at, booking } from '@vetcita/testing/sql/clinic'
import type { Things } from './support/access-stage.ts'

/**
 * Who may do what with the database directly, as a Supabase client or PostgREST would: one line per table, view and
 * function. `access.test.ts` tries each, and fails if one has no line.
 *
 * The columns:
 * - anon: not signed in; any claims are ignored
 * - claimless: `authenticated` without claims, or with claims that name no user
 * - outsider: a user with no profile at this clinic, a deleted one, or any role at another clinic
 * - owner: the pet owner whose pet, appointment and cart are used; other: another pet owner of the same clinic
 * - service: `service_role`, a trusted backend
 */

/**
 * How many of the clinic's rows a caller may read/insert/update/delete. The clinic has three clients, five members of
 * staff and a deleted profile. `-` means that the role lacks the right altogether. At another clinic everyone is an
 * outsider.
 */
// biome-ignore format: aligned columns are easier to read
export const relations: Readonly<Record<string, string>> = {
  //                    anon     claimless outsider owner    other    recept   vet      admin    service
  appointment_events:  '-/-/-/-  0/-/-/-   0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-  2/-/-/-  2/2/2/2',
  appointment_note_changes: '-/-/-/- 0/-/-/- 0/-/-/- 0/-/-/- 0/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/1/1/1',
  appointments:        '-/-/-/-  0/-/-/-   0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-  2/-/-/-  2/2/2/2',
  appointment_states:  '-/-/-/-  0/-/-/-   0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-  2/-/-/-  2/-/-/-',
  cart_items:          '-/-/-/-  0/-/-/-   0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-  2/-/-/-  2/2/2/2',
  carts:               '-/-/-/-  0/-/-/-   0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-  2/-/-/-  2/2/2/2',
  links:               '-/-/-/-  0/-/-/-   0/-/-/-  0/-/-/-  0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-',
  pets:                '-/-/-/-  0/0/0/-   0/0/0/-  1/1/1/-  1/1/1/-  2/2/2/-  2/2/2/-  2/2/2/-  2/2/2/2',
  profiles:            '-/-/-/-  0/0/0/-   0/0/0/-  1/0/1/-  1/0/1/-  9/9/4/-  9/9/4/-  9/9/4/-  9/9/9/9',
  public_vet_hours:    '1/-/-/-  1/-/-/-   1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-',
  public_vets:         '3/-/-/-  3/-/-/-   3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-',
  services:            '1/-/-/-  1/0/0/-   1/0/0/-  1/0/0/-  1/0/0/-  3/0/0/-  3/0/0/-  3/3/3/-  3/3/3/3',
  store_products:      '1/-/-/-  1/0/0/-   1/0/0/-  1/0/0/-  1/0/0/-  3/3/3/-  3/3/3/-  3/3/3/-  3/3/3/3',
  tenants:             '1/-/-/-  1/-/0/-   1/-/0/-  1/-/0/-  1/-/0/-  1/-/0/-  1/-/0/-  1/-/1/-  1/1/1/1',
  vet_hours:           '-/-/-/-  0/0/0/0   0/0/0/0  1/0/0/0  1/0/0/0  1/0/0/0  1/0/0/0  1/1/1/1  1/1/1/1',
  vet_time_off:        '-/-/-/-  0/0/0/0   0/0/0/0  0/0/0/0  0/0/0/0  1/1/1/1  1/1/1/1  1/1/1/1  1/1/1/1',
}

/**
 * The answer to a call on the pet owner's data. `denied`: the role may not execute the function. `yes`: success.
 * `unseen`: refused exactly as if it did not exist. `a|b`: the column's callers get different answers. Anything else is
 * the value returned, or the refusal's code. A function that none of the three roles may execute needs no line.
 */
// biome-ignore format: aligned columns are easier to read
export const functions: Readonly<Record<string, Call>> = {
  //                                           anon   claimless outsider      owner     other     recept        vet           admin         service
  'clinic_access.admin_tenants':             ['denied false     false         false     false     false         false         true          false', (t) => `(clinic_access.admin_tenants() @> array['${t.tenant}'])`],
  'clinic_access.member_tenants':            ['denied false     false         true      true      true          true          true          false', (t) => `(clinic_access.member_tenants() @> array['${t.tenant}'])`],
  'clinic_access.own_appointments':          ['denied false     false         true      false     false         false         false         false', (t) => `(clinic_access.own_appointments() @> array['${t.appointment}']::uuid[])`],
  'clinic_access.own_pets':                  ['denied false     false         true      false     false         false         false         false', (t) => `(clinic_access.own_pets() @> array['${t.pet}']::uuid[])`],
  'clinic_access.search_terms':              ['denied true      true          true      true      true          true          true          true', (t) => `(clinic_access.search_terms('${t.tenant}', 'Luna', null, null) is not null)`],
  'clinic_access.search_text':               ['true   true      true          true      true      true          true          true          true', () => `(clinic_access.search_text('Luna') is not null)`],
  'clinic_access.staff_tenants':             ['denied false     false         false     false     true          true          true          false', (t) => `(clinic_access.staff_tenants() @> array['${t.tenant}'])`],
  'clinic_access.user_id':                   ['denied false     true          true      true      true          true          true          false', () => '(clinic_access.user_id() is not null)'],
  'public.accept_staff_invite':              ['denied FORBIDDEN yes           yes       yes       ALREADY_STAFF ALREADY_STAFF ALREADY_STAFF yes', (t, me) => callText('accept_staff_invite', { p_tenant_id: t.tenant, p_token: t.inviteLink, p_full_name: 'Ana', p_performed_by: me.id })],
  'public.add_client_pet':                   ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN yes           yes           yes           FORBIDDEN', (t, me) => callText('add_client_pet', { p_tenant_id: t.tenant, p_client_id: t.walkIn, p_name: 'Sol', p_performed_by: me.id })],
  'public.appointment_history':              ['denied false     false         true      false     true          true          true          true', (t, me) => `(select count(*) > 0 from ${callText('appointment_history', { p_tenant_id: t.tenant, p_appointment_id: t.appointment, p_performed_by: me.id })})`],
  'public.available_slots':                  ['true   true      true          true      true      true          true          true          true', (t) => `(select count(*) > 0 from ${callText('available_slots', { p_tenant_id: t.tenant, p_service_id: t.service, p_from: at(1, '00:00').slice(0, 10), p_to: at(8, '00:00').slice(0, 10) })})`],
  'public.book_appointment_atomic':          ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('book_appointment_atomic', booking(t, { p_booked_by: me.id, p_start_time: at(4, '10:00') }))],
  'public.change_appointment_status_atomic': ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('change_appointment_status_atomic', { p_appointment_id: t.appointment, p_new_status: 'cancelled', p_performed_by: me.id, p_is_staff: me.isStaff })],
  'public.claim_client':                     ['denied FORBIDDEN yes|FORBIDDEN yes       yes       yes           yes           yes           yes', (t, me) => callText('claim_client', { p_tenant_id: t.tenant, p_token: t.claim, p_performed_by: me.id })],
  'public.clinic_moment':                    ['denied true      true          true      true      true          true          true          true', () => `(clinic_moment(now(), 'UTC') is not null)`],
  'public.create_client':                    ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN yes           yes           yes           FORBIDDEN', (t, me) => callText('create_client', { p_tenant_id: t.tenant, p_full_name: 'Ana', p_performed_by: me.id })],
  'public.invite_client':                    ['denied FORBIDDEN unseen        unseen    unseen    yes           yes           yes           unseen', (t, me) => callText('invite_client', { p_tenant_id: t.tenant, p_client_id: t.walkIn, p_performed_by: me.id })],
  'public.invite_staff':                     ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('invite_staff', { p_tenant_id: t.tenant, p_role: 'vet', p_performed_by: me.id })],
  'public.is_movable':                       ['denied true      true          true      true      true          true          true          true', () => `is_movable('scheduled')`],
  'public.keeps_notice':                     ['denied true      true          true      true      true          true          true          true', () => `keeps_notice(now(), 0, now())`],
  'public.join_clinic':                      ['denied FORBIDDEN yes|FORBIDDEN yes       yes       yes           yes           yes           FORBIDDEN', (t) => callText('join_clinic', { p_tenant_id: t.tenant, p_full_name: 'Ana' })],
  'public.merge_cart_atomic':                ['denied FORBIDDEN unseen        yes       yes       yes           yes           yes           yes', (t, me) => callText('merge_cart_atomic', { p_customer_id: me.id, p_tenant_id: t.tenant, p_new_items: [{ type: 'product', id: t.product, quantity: 3 }] })],
  'public.next_statuses':                    ['denied true      true          true      true      true          true          true          true', () => `('cancelled' = any (next_statuses('scheduled')))`],
  'public.read_client_claim':                ['denied FORBIDDEN yes           yes       yes       yes           yes           yes           yes', (t, me) => callText('read_client_claim', { p_tenant_id: t.tenant, p_token: t.claim, p_performed_by: me.id })],
  'public.read_staff_invite':                ['denied FORBIDDEN yes           yes       yes       yes           yes           yes           yes', (t, me) => callText('read_staff_invite', { p_tenant_id: t.tenant, p_token: t.inviteLink, p_performed_by: me.id })],
  'public.reschedule_appointment_atomic':    ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('reschedule_appointment_atomic', { p_appointment_id: t.appointment, p_new_start_time: at(4, '12:00'), p_performed_by: me.id, p_is_staff: me.isStaff })],
  'public.revoke_staff_invite':              ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('revoke_staff_invite', { p_tenant_id: t.tenant, p_invite_id: t.invite, p_performed_by: me.id })],
  'public.schema_version':                   ['denied true      true          true      true      true          true          true          true', () => '(schema_version() is not null)'],
  'public.search_clients':                   ['denied 0         0             0         0         3             3             3             0', (t, me) => `(select count(*) from ${callText('search_clients', { p_tenant_id: t.tenant, p_performed_by: me.id })})`],
  'public.set_appointment_notes':            ['denied FORBIDDEN unseen        FORBIDDEN unseen    yes           yes           yes           FORBIDDEN', (t, me) => callText('set_appointment_notes', { p_appointment_id: t.appointment, p_notes: 'x', p_performed_by: me.id })],
  'public.set_cart_item_atomic':             ['denied FORBIDDEN unseen        yes       yes       yes           yes           yes           yes', (t, me) => callText('set_cart_item_atomic', { p_customer_id: me.id, p_tenant_id: t.tenant, p_type: 'product', p_id: t.product, p_quantity: 3 })],
  'public.set_staff_role':                   ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('set_staff_role', { p_tenant_id: t.tenant, p_profile_id: t.colleague, p_role: 'vet', p_performed_by: me.id })],
  'public.set_vet_hours':                    ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('set_vet_hours', { p_tenant_id: t.tenant, p_vet_id: t.vet, p_hours: [{ weekday: 1, opens: '08:00', closes: '12:00' }], p_performed_by: me.id })],
}

/** How a backend names a user: by id, and whether they act as staff. The other callers are named by their claims. */
export type Me = { id: string | null; isStaff: boolean }

export type Call = readonly [cells: string, text: (things: Things, me: Me) => string]
