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
  clinic_closures:     '1/-/-/-  1/-/-/-   1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/1/1/1',
  links:               '-/-/-/-  0/-/-/-   0/-/-/-  0/-/-/-  0/-/-/-  1/-/-/-  1/-/-/-  2/-/-/-  2/-/-/-',
  pets:                '-/-/-/-  0/0/0/-   0/0/0/-  1/1/1/-  1/1/1/-  2/2/2/-  2/2/2/-  2/2/2/-  2/2/2/2',
  profiles:            '-/-/-/-  0/0/0/-   0/0/0/-  1/0/1/-  1/0/1/-  9/9/4/-  9/9/4/-  9/9/4/-  9/9/9/9',
  public_vet_hours:    '8/-/-/-  8/-/-/-   8/-/-/-  8/-/-/-  8/-/-/-  8/-/-/-  8/-/-/-  8/-/-/-  8/-/-/-',
  public_vets:         '3/-/-/-  3/-/-/-   3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-  3/-/-/-',
  services:            '1/-/-/-  1/0/0/-   1/0/0/-  1/0/0/-  1/0/0/-  3/0/0/-  3/0/0/-  3/3/3/-  3/3/3/3',
  store_products:      '1/-/-/-  1/0/0/-   1/0/0/-  1/0/0/-  1/0/0/-  3/3/3/-  3/3/3/-  3/3/3/-  3/3/3/3',
  tenants:             '1/-/-/-  1/-/0/-   1/-/0/-  1/-/0/-  1/-/0/-  1/-/0/-  1/-/0/-  1/-/1/-  1/1/1/1',
  vet_hours:           '-/-/-/-  0/0/0/0   0/0/0/0  8/0/0/0  8/0/0/0  8/0/0/0  8/0/0/0  8/8/8/8  8/8/8/8',
  vet_services:        '1/-/-/-  1/-/-/-   1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/-/-/-  1/1/1/1',
  vet_time_off:        '-/-/-/-  0/0/0/0   0/0/0/0  0/0/0/0  0/0/0/0  1/1/1/1  1/1/1/1  1/1/1/1  1/1/1/1',
}

/** Who is asked in {@link columnRights}: `admin` and `staff` (a receptionist) of the clinic, an admin of another one. */
export const columnColumns = ['anon', 'owner', 'other', 'staff', 'admin', 'elsewhere'] as const

/**
 * What each may do with each column of the owner's row, or of any row where rows have no owner: read it (`r`), write it
 * (`w`). Rights to insert are those of {@link relations}, and make no other column than these readable.
 */
// biome-ignore format: a table is read by its columns
export const columnRights: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // anon, owner, other, staff, admin, elsewhere
  appointment_events: {
    'tenant_id id appointment_id event actor_id details at': '-   r   -   r   r   -',
  },
  appointment_note_changes: {
    'tenant_id id appointment_id actor_id at': '-   -   -   r   r   -',
  },
  appointment_states: {
    'tenant_id id pet_id service_id vet_id start_time end_time busy_until status version reason cancellation_reason updated_at timezone currency staff_can_move owner_can_move staff_can_cancel owner_can_cancel next_statuses is_upcoming price service_name squeeze_in overrides hold_expires_at': '-   r   -   r   r   -',
  },
  appointments: {
    'tenant_id id pet_id service_id vet_id start_time end_time busy_until status reason created_by version created_at updated_at cancelled_at cancellation_reason price currency service_name squeeze_in overrides hold_expires_at': '-   r   -   r   r   -',
    'notes idempotency_key request_hash': '-   -   -   -   -   -',
  },
  cart_items: {
    'tenant_id customer_id item_type item_id quantity added_at': '-   r   -   r   r   -',
  },
  carts: {
    'tenant_id customer_id updated_at': '-   r   -   r   r   -',
  },
  clinic_closures: {
    'tenant_id id start_time end_time name': 'r   r   r   r   r   r',
  },
  links: {
    'tenant_id id kind client_id role label created_by created_at expires_at used_at used_by': '-   -   -   r   r   -',
    'token_hash': '-   -   -   -   -   -',
  },
  pets: {
    'tenant_id id owner_id created_at': '-   r   -   r   r   -',
    'name species deleted_at': '-   rw  -   rw  rw  -',
  },
  profiles: {
    'tenant_id id role created_at deleted_at': '-   r   -   r   r   -',
    'full_name email phone': '-   rw  -   rw  rw  -',
  },
  public_vet_hours: {
    'tenant_id vet_id weekday opens closes': 'r   r   r   r   r   r',
  },
  public_vets: {
    'tenant_id id full_name': 'r   r   r   r   r   r',
  },
  services: {
    'tenant_id id': 'r   r   r   r   r   r',
    'name duration_minutes buffer_minutes price is_active deleted_at booking category "position" preparation species': 'r   r   r   r   rw  r',
  },
  store_products: {
    'tenant_id id search_text': 'r   r   r   r   r   r',
    'name description price stock is_active deleted_at category': 'r   r   r   rw  rw  r',
  },
  tenants: {
    'id': 'r   r   r   r   r   r',
    'name timezone currency locale change_notice_minutes book_lead_minutes book_horizon_days max_open_appointments limit_unconfirmed grace_minutes': 'r   r   r   r   rw  r',
  },
  vet_hours: {
    'tenant_id id vet_id': '-   r   r   r   r   -',
    'weekday opens closes': '-   r   r   r   rw  -',
  },
  vet_services: {
    'tenant_id vet_id service_id': 'r   r   r   r   r   r',
  },
  vet_time_off: {
    'tenant_id id vet_id': '-   -   -   r   r   -',
    'start_time end_time reason': '-   -   -   rw  rw  -',
  },
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
  'public.add_clinic_closure':               ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN yes           yes           yes           FORBIDDEN', (t, me) => callText('add_clinic_closure', { p_tenant_id: t.tenant, p_from: '2030-05-01 00:00', p_to: '2030-05-02 00:00', p_name: 'Feriado', p_performed_by: me.id })],
  'public.appointment_history':              ['denied false     false         true      false     true          true          true          true', (t, me) => `(select count(*) > 0 from ${callText('appointment_history', { p_tenant_id: t.tenant, p_appointment_id: t.appointment, p_performed_by: me.id })})`],
  'public.appointment_notes':                ['denied 0         0             0         0         1             1             1             0', (t, me) => `(select count(*) from ${callText('appointment_notes', { p_tenant_id: t.tenant, p_appointment_ids: `{${t.appointment}}`, p_performed_by: me.id })})`],
  'public.available_slots':                  ['true   true      true          true      true      true          true          true          true', (t) => `(select count(*) > 0 from ${callText('available_slots', { p_tenant_id: t.tenant, p_service_id: t.service, p_from: at(1, '00:00').slice(0, 10), p_to: at(8, '00:00').slice(0, 10) })})`],
  'public.book_appointment_atomic':          ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('book_appointment_atomic', booking(t, { p_booked_by: me.id, p_start_time: at(4, '10:00') }))],
  'public.change_appointment_status_atomic': ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('change_appointment_status_atomic', { p_appointment_id: t.appointment, p_new_status: 'cancelled', p_performed_by: me.id, p_is_staff: me.isStaff })],
  'public.claim_client':                     ['denied FORBIDDEN yes|FORBIDDEN yes       yes       yes           yes           yes           yes', (t, me) => callText('claim_client', { p_tenant_id: t.tenant, p_token: t.claim, p_performed_by: me.id })],
  'public.clinic_moment':                    ['true   true      true          true      true      true          true          true          true', () => `(clinic_moment(now(), 'UTC') is not null)`],
  'public.create_client':                    ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN yes           yes           yes           FORBIDDEN', (t, me) => callText('create_client', { p_tenant_id: t.tenant, p_full_name: 'Ana', p_performed_by: me.id })],
  'public.edit_appointment_atomic':          ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('edit_appointment_atomic', { p_appointment_id: t.appointment, p_changes: { reason: 'Control' }, p_performed_by: me.id, p_is_staff: me.isStaff })],
  'public.explain_slot':                     ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN yes           yes           yes           yes', (t, me) => callText('explain_slot', { p_tenant_id: t.tenant, p_service_id: t.service, p_vet_id: t.vet, p_start_time: at(4, '10:00'), p_performed_by: me.id })],
  'public.invite_client':                    ['denied FORBIDDEN unseen        unseen    unseen    yes           yes           yes           unseen', (t, me) => callText('invite_client', { p_tenant_id: t.tenant, p_client_id: t.walkIn, p_performed_by: me.id })],
  'public.invite_staff':                     ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('invite_staff', { p_tenant_id: t.tenant, p_role: 'vet', p_performed_by: me.id })],
  'public.is_active_status':                 ['denied true      true          true      true      true          true          true          true', () => `is_active_status('scheduled', null, now())`],
  'public.is_movable':                       ['denied true      true          true      true      true          true          true          true', () => `is_movable('scheduled')`],
  'public.keeps_notice':                     ['denied true      true          true      true      true          true          true          true', () => `keeps_notice(now(), 0, now())`],
  'public.is_open_status':                   ['denied true      true          true      true      true          true          true          true', () => `is_open_status('scheduled', null, now())`],
  'public.is_plain':                         ['denied true      true          true      true      true          true          true          true', () => `is_plain('Ana')`],
  'public.join_clinic':                      ['denied FORBIDDEN yes|FORBIDDEN yes       yes       yes           yes           yes           FORBIDDEN', (t) => callText('join_clinic', { p_tenant_id: t.tenant, p_full_name: 'Ana' })],
  'public.may_cancel':                       ['denied true      true          true      true      true          true          true          true', () => `may_cancel(now(), now(), 0, 0, now())`],
  'public.merge_cart_atomic':                ['denied FORBIDDEN unseen        yes       yes       yes           yes           yes           yes', (t, me) => callText('merge_cart_atomic', { p_customer_id: me.id, p_tenant_id: t.tenant, p_new_items: [{ type: 'product', id: t.product, quantity: 3 }] })],
  'public.next_statuses':                    ['denied true      true          true      true      true          true          true          true', () => `('cancelled' = any (next_statuses('scheduled')))`],
  'public.read_client_claim':                ['denied FORBIDDEN yes           yes       yes       yes           yes           yes           yes', (t, me) => callText('read_client_claim', { p_tenant_id: t.tenant, p_token: t.claim, p_performed_by: me.id })],
  'public.read_staff_invite':                ['denied FORBIDDEN yes           yes       yes       yes           yes           yes           yes', (t, me) => callText('read_staff_invite', { p_tenant_id: t.tenant, p_token: t.inviteLink, p_performed_by: me.id })],
  'public.remove_clinic_closure':            ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN yes           yes           yes           FORBIDDEN', (t, me) => callText('remove_clinic_closure', { p_tenant_id: t.tenant, p_closure_id: t.pet, p_performed_by: me.id })],
  'public.reschedule_appointment_atomic':    ['denied FORBIDDEN unseen        yes       unseen    yes           yes           yes           yes', (t, me) => callText('reschedule_appointment_atomic', { p_appointment_id: t.appointment, p_new_start_time: at(4, '12:00'), p_performed_by: me.id, p_is_staff: me.isStaff })],
  'public.revoke_staff_invite':              ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('revoke_staff_invite', { p_tenant_id: t.tenant, p_invite_id: t.invite, p_performed_by: me.id })],
  'public.schema_version':                   ['denied true      true          true      true      true          true          true          true', () => '(schema_version() is not null)'],
  'public.search_clients':                   ['denied 0         0             0         0         3             3             3             0', (t, me) => `(select count(*) from ${callText('search_clients', { p_tenant_id: t.tenant, p_performed_by: me.id })})`],
  'public.set_appointment_notes':            ['denied FORBIDDEN unseen        FORBIDDEN unseen    yes           yes           yes           FORBIDDEN', (t, me) => callText('set_appointment_notes', { p_appointment_id: t.appointment, p_notes: 'x', p_performed_by: me.id })],
  'public.set_cart_item_atomic':             ['denied FORBIDDEN unseen        yes       yes       yes           yes           yes           yes', (t, me) => callText('set_cart_item_atomic', { p_customer_id: me.id, p_tenant_id: t.tenant, p_type: 'product', p_id: t.product, p_quantity: 3 })],
  'public.set_staff_role':                   ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('set_staff_role', { p_tenant_id: t.tenant, p_profile_id: t.colleague, p_role: 'vet', p_performed_by: me.id })],
  'public.set_service_vets':                 ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('set_service_vets', { p_tenant_id: t.tenant, p_service_id: t.service, p_vet_ids: `{${t.vet}}`, p_performed_by: me.id })],
  'public.status_before':                    ['denied false     false         true      false     true          true          true          true', (t) => `(coalesce(status_before('${t.tenant}', '${t.appointment}', 'cancelled', 'UTC', now()), 'scheduled') = 'scheduled' and exists (select from appointment_events where appointment_id = '${t.appointment}'))`],
  'public.set_vet_hours':                    ['denied FORBIDDEN FORBIDDEN     FORBIDDEN FORBIDDEN FORBIDDEN     FORBIDDEN     yes           FORBIDDEN', (t, me) => callText('set_vet_hours', { p_tenant_id: t.tenant, p_vet_id: t.vet, p_hours: [{ weekday: 1, opens: '08:00', closes: '12:00' }], p_performed_by: me.id })],
}

/** How a backend names a user: by id, and whether they act as staff. The other callers are named by their claims. */
export type Me = { id: string | null; isStaff: boolean }

export type Call = readonly [cells: string, text: (things: Things, me: Me) => string]
