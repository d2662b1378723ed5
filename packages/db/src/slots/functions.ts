import { explainSlotErrorCodes, explainSlotSuccess } from '@vetcita/contracts'
import { defineFunction } from '../sql/define-function.ts'

/** Says which rules refuse a time, all of them. For staff. */
export const explainSlot = defineFunction({
  name: 'explain_slot',
  args: {
    serviceId: 'uuid',
    vetId: 'uuid',
    startTime: 'timestamptz',
    petId: 'uuid?',
    durationMinutes: 'integer?',
    appointmentId: 'uuid?',
  },
  answer: explainSlotSuccess,
  codes: explainSlotErrorCodes,
})
