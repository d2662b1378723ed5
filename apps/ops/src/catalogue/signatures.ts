/** What clients call, as the database contract has it: these are security definer, and their signatures never change. */
export const signatures: Readonly<Record<string, { arguments: string; result: string }>> = {
  book_appointment_atomic: {
    arguments:
      'p_tenant_id text, p_pet_id uuid, p_service_id uuid, p_vet_id uuid, p_start_time timestamp with time zone, p_duration_minutes integer DEFAULT NULL::integer, p_reason text DEFAULT NULL::text, p_notes text DEFAULT NULL::text, p_booked_by uuid DEFAULT NULL::uuid, p_idempotency_key text DEFAULT NULL::text',
    result: 'jsonb',
  },
  reschedule_appointment_atomic: {
    arguments:
      'p_appointment_id uuid, p_new_start_time timestamp with time zone, p_performed_by uuid, p_is_staff boolean DEFAULT false, p_new_vet_id uuid DEFAULT NULL::uuid, p_expected_version integer DEFAULT NULL::integer, p_tenant_id text DEFAULT NULL::text',
    result: 'jsonb',
  },
  merge_cart_atomic: {
    arguments: 'p_customer_id uuid, p_tenant_id text, p_new_items jsonb',
    result: 'jsonb',
  },
  set_cart_item_atomic: {
    arguments:
      "p_customer_id uuid, p_tenant_id text, p_type text, p_id uuid, p_quantity integer, p_mode text DEFAULT 'set'::text",
    result: 'jsonb',
  },
  change_appointment_status_atomic: {
    arguments:
      'p_appointment_id uuid, p_new_status text, p_performed_by uuid, p_is_staff boolean DEFAULT false, p_reason text DEFAULT NULL::text, p_expected_version integer DEFAULT NULL::integer, p_tenant_id text DEFAULT NULL::text',
    result: 'jsonb',
  },
  available_slots: {
    arguments:
      'p_tenant_id text, p_service_id uuid, p_from date, p_to date, p_vet_id uuid DEFAULT NULL::uuid, p_step_minutes integer DEFAULT 15, p_appointment_id uuid DEFAULT NULL::uuid',
    result: 'TABLE(vet_id uuid, start_time timestamp with time zone, end_time timestamp with time zone)',
  },
  join_clinic: {
    arguments: 'p_tenant_id text, p_full_name text, p_phone text DEFAULT NULL::text',
    result: 'jsonb',
  },
}
